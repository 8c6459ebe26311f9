package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Reads the octets of one request head after another by the strict grammar of RFC 9112 section 3 and RFC 9110 section 5, and stops at the
 * first octet that another server might read differently. Belongs to one connection and its event loop.
 */
final class HeadScanner {
    private static final int VERSION_LENGTH = 8;
    private static final int MAJOR_AT = 5;
    private static final int MINOR_AT = 7;
    static final int METHOD_BYTES_MAX = 32;
    private static final int EMPTY_LINES_MAX = 2;
    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};

    private enum At {
        BEFORE_LINE,
        EMPTY_LINE_LF,
        METHOD,
        TARGET,
        VERSION,
        LINE_LF,
        LINE_START,
        NAME,
        VALUE,
        HEADER_LF,
        END_LF,
        DONE
    }

    private final HeadLimits limits;
    private At at = At.BEFORE_LINE;
    private @Nullable HeadFault fault;
    private int position;
    /** Where the part that is being read began. */
    private int partFrom;

    private int methodFrom;
    private int methodTo;
    private int targetFrom;
    private int targetTo;
    private int lineFrom;
    private int nameTo;
    private int headersBytes;
    private int emptyLines;
    private byte major;
    private byte minor;

    HeadScanner(HeadLimits limits) {
        this.limits = limits;
    }

    /** Makes ready for the next head of the connection. */
    void reset() {
        at = At.BEFORE_LINE;
        fault = null;
        position = 0;
        headersBytes = 0;
        emptyLines = 0;
    }

    /** What is wrong with the head; null while nothing is. */
    @Nullable
    HeadFault fault() {
        return fault;
    }

    /** Where the scanner stands among the head's octets: behind its last one when it is complete. */
    int position() {
        return position;
    }

    /** Makes ready for the trailer fields of a request instead, which obey the same grammar and limits. */
    void resetForTrailers() {
        reset();
        at = At.LINE_START;
    }

    /**
     * Reads on, in the octets that stand there, until the head is complete, a fault is found or the octets are used up.
     *
     * @return whether the head is complete, and without a fault
     */
    boolean scan(Fields fields) {
        byte[] octets = fields.octets();
        int to = fields.size();
        while (position < to && at != At.DONE && fault == null) {
            fault = switch (at) {
                case BEFORE_LINE -> beforeLine(octets[position]);
                case EMPTY_LINE_LF -> lineFeed(octets[position], At.BEFORE_LINE);
                case METHOD -> method(octets, to);
                case TARGET -> target(octets, to);
                case VERSION -> version(octets[position]);
                case LINE_LF, HEADER_LF -> lineFeed(octets[position], At.LINE_START);
                case LINE_START -> lineStart(octets[position]);
                case NAME -> name(octets, to);
                case VALUE -> value(fields, octets, to);
                case END_LF -> lineFeed(octets[position], At.DONE);
                case DONE -> null;
            };
        }
        return at == At.DONE && fault == null;
    }

    /** Tells a complete head where its first line's parts stand. */
    void tell(RequestHead head) {
        head.mark(
                methodFrom, methodTo, targetFrom, targetTo, minor == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);
    }

    private @Nullable HeadFault beforeLine(byte b) {
        if (b == '\r' && emptyLines < EMPTY_LINES_MAX) {
            emptyLines++;
            return next(At.EMPTY_LINE_LF);
        }
        if (b == '\n') {
            return HeadFault.BARE_LINE_FEED;
        }
        methodFrom = position;
        at = At.METHOD;
        partFrom = position;
        return null;
    }

    private @Nullable HeadFault method(byte[] octets, int to) {
        while (position < to && FieldGrammar.TOKEN[octets[position] & 0xFF]) {
            position++;
        }
        if (position - partFrom > METHOD_BYTES_MAX) {
            return HeadFault.BAD_METHOD;
        }
        if (position == to) {
            return null;
        }
        if (octets[position] != ' ') {
            return HeadFault.BAD_METHOD;
        }
        methodTo = position;
        return position == partFrom ? HeadFault.BAD_REQUEST_LINE : next(At.TARGET);
    }

    private @Nullable HeadFault target(byte[] octets, int to) {
        while (position < to && FieldGrammar.TARGET[octets[position] & 0xFF]) {
            position++;
        }
        if (position - partFrom > limits.targetBytesMax()) {
            return HeadFault.TARGET_TOO_LONG;
        }
        if (position == to) {
            return null;
        }
        byte b = octets[position];
        if (b != ' ') {
            return b == '\r' || b == '\n' ? HeadFault.BAD_REQUEST_LINE : HeadFault.BAD_TARGET;
        }
        targetFrom = partFrom;
        targetTo = position;
        return position == partFrom ? HeadFault.BAD_REQUEST_LINE : next(At.VERSION);
    }

    private @Nullable HeadFault version(byte b) {
        int read = position - partFrom;
        if (read == VERSION_LENGTH) {
            if (b == '\n') {
                return HeadFault.BARE_LINE_FEED;
            }
            return b == '\r' ? next(At.LINE_LF) : HeadFault.BAD_REQUEST_LINE;
        }
        boolean isDigit = b >= '0' && b <= '9';
        if (read == MAJOR_AT ? !isDigit : read == MINOR_AT ? !isDigit : b != VERSION[read]) {
            return HeadFault.BAD_REQUEST_LINE;
        }
        if (read == MAJOR_AT) {
            major = b;
        }
        position++;
        if (read == MINOR_AT) {
            minor = b;
            return major == '1' ? null : HeadFault.BAD_VERSION;
        }
        return null;
    }

    private @Nullable HeadFault lineStart(byte b) {
        lineFrom = position;
        partFrom = position;
        return switch (b) {
            case '\r' -> next(At.END_LF);
            case '\n' -> HeadFault.BARE_LINE_FEED;
            case ' ', '\t' -> HeadFault.FOLDED_LINE;
            case ':' -> HeadFault.BAD_HEADER_NAME;
            default -> {
                at = At.NAME;
                yield null;
            }
        };
    }

    private @Nullable HeadFault name(byte[] octets, int to) {
        while (position < to && FieldGrammar.TOKEN[octets[position] & 0xFF]) {
            position++;
        }
        HeadFault tooLong = lengthFault();
        if (tooLong != null || position == to) {
            return tooLong;
        }
        if (octets[position] != ':') {
            return HeadFault.BAD_HEADER_NAME;
        }
        nameTo = position;
        position++;
        at = At.VALUE;
        return null;
    }

    private @Nullable HeadFault value(Fields fields, byte[] octets, int to) {
        while (position < to && FieldGrammar.VALUE[octets[position] & 0xFF]) {
            position++;
        }
        HeadFault tooLong = lengthFault();
        if (tooLong != null || position == to) {
            return tooLong;
        }
        byte b = octets[position];
        if (b != '\r') {
            return b == '\n' ? HeadFault.BARE_LINE_FEED : HeadFault.BAD_HEADER_VALUE;
        }
        int from = nameTo + 1;
        int end = position;
        while (from < end && isBlank(octets[from])) {
            from++;
        }
        while (end > from && isBlank(octets[end - 1])) {
            end--;
        }
        fields.mark(lineFrom, nameTo, from, end);
        headersBytes += position - lineFrom;
        return next(At.HEADER_LF);
    }

    /** Of the line that is being read, and of all lines together. */
    private @Nullable HeadFault lengthFault() {
        int length = position - lineFrom;
        if (headersBytes + length > limits.headersBytesMax()) {
            return HeadFault.HEADERS_TOO_LONG;
        }
        return length > limits.headerBytesMax() ? HeadFault.HEADER_TOO_LONG : null;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private @Nullable HeadFault lineFeed(byte b, At then) {
        return b == '\n' ? next(then) : HeadFault.BARE_CARRIAGE_RETURN;
    }

    private @Nullable HeadFault next(At state) {
        at = state;
        position++;
        partFrom = position;
        return null;
    }
}
