package io.anycastle.core.model;

import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record's fields in the packed form that it has in memory and on disk, to be filled in by a reader that makes many. One thread at a
 * time; it may be used for one record after the other.
 */
public final class RecordRow {
    /** In {@link #switches}: proxied. */
    public static final int PROXIED = 1;

    /** In {@link #switches}: {@link RecordSettings#ipv4Only}. */
    public static final int IPV4_ONLY = 2;

    /** In {@link #switches}: {@link RecordSettings#ipv6Only}. */
    public static final int IPV6_ONLY = 4;

    /** In {@link #switches}: {@link RecordSettings#flattenCname}. */
    public static final int FLATTEN_CNAME = 8;

    /** In {@link #priority}: none. */
    public static final int NO_PRIORITY = -1;

    private static final HexFormat HEX = HexFormat.of();

    /** The first sixteen digits of the id. */
    public long idHigh;

    /** The last sixteen digits of the id. */
    public long idLow;

    public RecordType type = RecordType.A;

    /** Null when it is what {@link AddressText} makes of the rdata. */
    public @Nullable String content;

    public int priority = NO_PRIORITY;
    public int ttlSeconds = 1;
    public int switches;
    public String comment = "";
    public List<String> tags = List.of();

    /** Microseconds since 1970, as is {@link #modifiedMicros}. */
    public long createdMicros;

    public long modifiedMicros;

    /** Belongs to the record that is made of the row. */
    public byte[] rdata = {};

    public OriginSettings origin = OriginSettings.NONE;

    public UnknownFields unknown = UnknownFields.NONE;

    /** @throws IllegalArgumentException when the text is not 32 lower-case hex digits */
    RecordRow id(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("'" + id + "' is no id: 32 lower-case hex digits are");
        }
        idHigh = HexFormat.fromHexDigitsToLong(id, 0, 16);
        idLow = HexFormat.fromHexDigitsToLong(id, 16, 32);
        return this;
    }

    /** {@link #origin} and {@link #unknown} in their stored form. */
    public UnknownFields addedFields() {
        return RecordAdditions.of(origin, unknown).fields();
    }

    /** Sets {@link #origin} and {@link #unknown} from their stored form. */
    public void addedFields(UnknownFields fields) {
        RecordAdditions additions = RecordAdditions.stored(fields);
        origin = additions.origin();
        unknown = additions.unknown();
    }

    /** An address's content is not kept where it can be made from the rdata. */
    RecordRow data(RecordType of, String text, byte[] wire) {
        type = of;
        rdata = wire;
        boolean isImplied = isAddress(of, wire) && AddressText.of(wire).equals(text);
        content = isImplied ? null : text;
        return this;
    }

    /** Older versions kept the priority of HTTPS and SVCB beside the content; it is the first word of it. */
    void settle() {
        if (priority != NO_PRIORITY && (type == RecordType.HTTPS || type == RecordType.SVCB)) {
            content = priority + " " + content;
            priority = NO_PRIORITY;
        }
    }

    RecordRow switches(boolean proxied, RecordSettings settings) {
        switches = (proxied ? PROXIED : 0)
                | (settings.ipv4Only() ? IPV4_ONLY : 0)
                | (settings.ipv6Only() ? IPV6_ONLY : 0)
                | (settings.flattenCname() ? FLATTEN_CNAME : 0);
        return this;
    }

    static boolean isAddress(RecordType type, byte[] rdata) {
        return (type == RecordType.A && rdata.length == 4) || (type == RecordType.AAAA && rdata.length == 16);
    }

    /** Whether a record can have that id. */
    static boolean isId(String text) {
        boolean isId = text.length() == 32;
        for (int i = 0; isId && i < 32; i++) {
            char c = text.charAt(i);
            isId = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return isId;
    }

    static String id(long high, long low) {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
