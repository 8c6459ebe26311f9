package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.netty.util.AsciiString;
import java.util.Optional;

/** What a request's head says of the length of its body (RFC 9112 section 6.3); only what can be read in one way is taken. Pure. */
final class RequestFraming {
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final AsciiString CHUNKED = new AsciiString("chunked");

    private RequestFraming() {}

    static Optional<HeadFault> fault(RequestHead head) {
        Fields fields = head.fields();
        boolean hasLength = fields.has(FieldName.CONTENT_LENGTH);
        if (fields.has(FieldName.TRANSFER_ENCODING)) {
            if (hasLength) {
                return Optional.of(HeadFault.LENGTH_AND_CODING);
            }
            return isChunked(head) ? Optional.empty() : Optional.of(HeadFault.BAD_CODING);
        }
        return !hasLength || isLength(fields) ? Optional.empty() : Optional.of(HeadFault.BAD_LENGTH);
    }

    private static boolean isChunked(RequestHead head) {
        Fields fields = head.fields();
        return head.version() != HttpVersion.HTTP_1_0
                && fields.count(FieldName.TRANSFER_ENCODING) == 1
                && fields.isValue(fields.first(FieldName.TRANSFER_ENCODING), CHUNKED);
    }

    private static boolean isLength(Fields fields) {
        int index = fields.first(FieldName.CONTENT_LENGTH);
        int from = fields.valueFrom(index);
        int to = fields.valueTo(index);
        boolean isLength = fields.count(FieldName.CONTENT_LENGTH) == 1 && from < to && to - from <= LENGTH_DIGITS_MAX;
        for (int i = from; i < to && isLength; i++) {
            byte digit = fields.octets()[i];
            isLength = digit >= '0' && digit <= '9';
        }
        return isLength;
    }

    /** In octets, or {@link BodyLength#UNKNOWN}; of a head without a fault. */
    static long length(RequestHead head) {
        Fields fields = head.fields();
        if (fields.has(FieldName.TRANSFER_ENCODING)) {
            return BodyLength.UNKNOWN;
        }
        int index = fields.first(FieldName.CONTENT_LENGTH);
        long length = 0;
        for (int i = index < 0 ? 0 : fields.valueFrom(index); index >= 0 && i < fields.valueTo(index); i++) {
            length = length * 10 + fields.octets()[i] - '0';
        }
        return length;
    }
}
