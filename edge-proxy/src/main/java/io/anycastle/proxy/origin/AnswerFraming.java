package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.util.AsciiString;

/**
 * What the head of an answer says of the body behind it (RFC 9112 section 6.3) and of its connection (section 9.3). Whatever cannot be
 * read in one way only is a {@link InvalidAnswerException}. Pure.
 */
final class AnswerFraming {
    /** What is said of a time is nothing. */
    static final long UNSAID = -1;

    private static final int LENGTH_DIGITS_MAX = 18;
    private static final int SECONDS_DIGITS_MAX = 9;
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final AsciiString CLOSE = AsciiString.cached("close");
    private static final AsciiString KEEP = AsciiString.cached("keep-alive");
    private static final AsciiString TIMEOUT = AsciiString.cached("timeout");

    private AnswerFraming() {}

    /** Whether a body follows that ends by chunks; any other transfer coding is none that the edge can undo. */
    static boolean isChunked(ResponseHead head) {
        Fields fields = head.fields();
        int coding = fields.first(FieldName.TRANSFER_ENCODING);
        if (coding < 0) {
            return false;
        }
        boolean isAlone = fields.next(FieldName.TRANSFER_ENCODING, coding + 1) < 0;
        if (head.version() == HttpVersion.HTTP_1_0 || !isAlone || !fields.isValue(coding, CHUNKED)) {
            throw new InvalidAnswerException("the transfer coding is not chunked alone");
        }
        if (fields.has(FieldName.CONTENT_LENGTH)) {
            throw new InvalidAnswerException("a length stands beside the transfer coding");
        }
        return true;
    }

    /** The length of the body in octets; negative when it lasts until the connection ends. */
    static long length(Fields fields) {
        int index = fields.first(FieldName.CONTENT_LENGTH);
        if (index < 0) {
            return -1;
        }
        byte[] octets = fields.octets();
        int from = fields.valueFrom(index);
        int to = fields.valueTo(index);
        boolean isAlone = fields.next(FieldName.CONTENT_LENGTH, index + 1) < 0;
        long length = isAlone && to - from <= LENGTH_DIGITS_MAX ? number(octets, from, to) : -1;
        if (length < 0) {
            throw new InvalidAnswerException("the length is not one number");
        }
        return length;
    }

    /** The number that all these octets are the digits of; -1 when they are not, or when there are none. */
    private static long number(byte[] octets, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            if (octets[i] < '0' || octets[i] > '9') {
                return -1;
            }
            number = number * 10 + octets[i] - '0';
        }
        return from == to ? -1 : number;
    }

    /** Whether the origin means to take another request on this connection. */
    static boolean staysOpen(ResponseHead head) {
        Fields fields = head.fields();
        boolean isKept = head.version() != HttpVersion.HTTP_1_0 || fields.lists(FieldName.CONNECTION, KEEP);
        return isKept && !fields.lists(FieldName.CONNECTION, CLOSE);
    }

    /** For how many seconds the origin says that it keeps an unused connection, or {@link #UNSAID}. */
    static long keptSeconds(Fields fields) {
        for (int i = fields.first(FieldName.KEEP_ALIVE); i >= 0; i = fields.next(FieldName.KEEP_ALIVE, i + 1)) {
            int to = fields.valueTo(i);
            int start = fields.valueFrom(i);
            for (int at = start; at <= to; at++) {
                if (at == to || fields.octets()[at] == ',') {
                    long seconds = timeout(fields.octets(), start, at);
                    if (seconds >= 0) {
                        return seconds;
                    }
                    start = at + 1;
                }
            }
        }
        return UNSAID;
    }

    /** The number in {@code timeout=number}, or -1. */
    private static long timeout(byte[] octets, int from, int to) {
        int name = skipBlanks(octets, from, to);
        if (!startsWithTimeout(octets, name, to)) {
            return -1;
        }
        int equals = skipBlanks(octets, name + TIMEOUT.length(), to);
        if (equals == to || octets[equals] != '=') {
            return -1;
        }
        int start = skipBlanks(octets, equals + 1, to);
        int end = to;
        while (end > start && isBlank(octets[end - 1])) {
            end--;
        }
        start += start < end && octets[start] == '"' ? 1 : 0;
        end -= end > start && octets[end - 1] == '"' ? 1 : 0;
        return end - start <= SECONDS_DIGITS_MAX ? number(octets, start, end) : -1;
    }

    private static boolean startsWithTimeout(byte[] octets, int from, int to) {
        if (to - from < TIMEOUT.length()) {
            return false;
        }
        for (int i = 0; i < TIMEOUT.length(); i++) {
            if ((octets[from + i] | 0x20) != TIMEOUT.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int skipBlanks(byte[] octets, int from, int to) {
        int at = from;
        while (at < to && isBlank(octets[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
