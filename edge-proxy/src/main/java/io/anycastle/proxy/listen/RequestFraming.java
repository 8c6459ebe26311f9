package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request's head says of the length of its body (RFC 9112 section 6.3); only what can be read in one way is taken. Pure. */
final class RequestFraming {
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final AsciiString CHUNKED = new AsciiString("chunked");
    private static final Pattern CODED_THEN_CHUNKED = Pattern.compile(
            "([A-Za-z0-9-]+(?:[ \\t]*,[ \\t]*[A-Za-z0-9-]+)*)[ \\t]*,[ \\t]*[cC][hH][uU][nN][kK][eE][dD]");

    private RequestFraming() {}

    static Optional<HeadFault> fault(RequestHead head) {
        Fields fields = head.fields();
        boolean hasLength = fields.has(FieldName.CONTENT_LENGTH);
        if (fields.has(FieldName.TRANSFER_ENCODING)) {
            if (hasLength) {
                return Optional.of(HeadFault.LENGTH_AND_CODING);
            }
            return isChunked(head) ? Optional.empty() : Optional.of(codingFault(head));
        }
        return !hasLength || isLength(fields) ? Optional.empty() : Optional.of(HeadFault.BAD_LENGTH);
    }

    private static boolean isChunked(RequestHead head) {
        Fields fields = head.fields();
        return head.version() != HttpVersion.HTTP_1_0
                && fields.count(FieldName.TRANSFER_ENCODING) == 1
                && fields.isValue(fields.first(FieldName.TRANSFER_ENCODING), CHUNKED);
    }

    /** A coding before the last one, which is chunked, leaves no doubt where the message ends (RFC 9112 section 6.1). */
    private static HeadFault codingFault(RequestHead head) {
        Fields fields = head.fields();
        boolean isOne = head.version() != HttpVersion.HTTP_1_0 && fields.count(FieldName.TRANSFER_ENCODING) == 1;
        Matcher codings = CODED_THEN_CHUNKED.matcher(fields.value(FieldName.TRANSFER_ENCODING));
        return isOne
                        && codings.matches()
                        && !codings.group(1).toLowerCase(Locale.ROOT).contains("chunked")
                ? HeadFault.UNKNOWN_CODING
                : HeadFault.BAD_CODING;
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
