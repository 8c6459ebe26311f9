package io.anycastle.core.rdata;

import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import java.util.Optional;

/** What is to be said of content that is answered as it stands, although those who ask for it can make nothing of it. Pure. */
public final class ContentCaveats {
    private static final int TYPE_RESERVED = 65535;

    /** Usage, selector and matching type (RFC 6698 section 2.1). */
    private static final int ASSOCIATION_HEAD = 3;

    private ContentCaveats() {}

    /** A sentence without a final dot; empty for a record that clients can use. */
    public static Optional<String> of(Record record) {
        RecordType type = record.type();
        if (type == RecordType.TLSA || type == RecordType.SMIMEA) {
            return digest(record.rdata().wire());
        }
        if (type == RecordType.HTTPS || type == RecordType.SVCB) {
            return reservedKey(record);
        }
        return type.code() == TYPE_RESERVED
                ? Optional.of("type 65535 is reserved (RFC 6895 section 3.1): resolvers may drop it")
                : Optional.empty();
    }

    private static Optional<String> digest(byte[] wire) {
        int matchingType = wire[ASSOCIATION_HEAD - 1];
        int expected = matchingType == 1 ? 32 : matchingType == 2 ? 64 : 0;
        int octets = wire.length - ASSOCIATION_HEAD;
        return expected == 0 || octets == expected
                ? Optional.empty()
                : Optional.of("matching type " + matchingType + " is a digest of " + expected + " octets, and there "
                        + (octets == 1 ? "is 1" : "are " + octets) + ": clients will match no certificate with it");
    }

    private static Optional<String> reservedKey(Record record) {
        return ServiceBindingForm.parameters(record.rdata().wire()).values().containsKey(ServiceParameters.RESERVED)
                ? Optional.of("key65535 is reserved as a key that is invalid (RFC 9460 section 14.3.2): clients ignore"
                        + " it, or all of the record")
                : Optional.empty();
    }
}
