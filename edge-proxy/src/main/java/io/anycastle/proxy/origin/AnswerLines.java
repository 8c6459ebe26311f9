package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Reads the lines of an answer's head (RFC 9112 sections 4 and 5), or of the fields behind its last chunk, where they stand among the
 * octets of its fields. Lines that HTTP/1.1 does not write so (folds, blanks before the colon, LF alone) are written anew, and all behind
 * them; whatever cannot be read in one way only is a {@link InvalidAnswerException}. Reused from answer to answer; belongs to one event
 * loop.
 */
final class AnswerLines {
    /** Octets that are looked at together; a usual head is not much longer. */
    private static final int PORTION = 1024;

    /** HTTP/1.1 200 and whatever follows. */
    private static final int STATUS_AT = 9;

    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = 0; c < 128; c++) {
            TOKEN[c] = isDigit((byte) c)
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || TOKEN_MARKS.indexOf(c) >= 0;
        }
    }

    private final ResponseHead head = new ResponseHead();
    private final int statusLineBytesMax;
    private final int fieldBytesMax;
    private boolean isStatusLineNext;
    private boolean isLenient;
    private int fieldBytes;
    /** Whose octets the lines are read from: the head's fields, or others from the first odd line on. */
    private Fields source = head.fields();

    private int lineFrom;
    private int scanned;
    /** The field that the next line may continue. */
    private boolean hasLast;

    private int nameFrom;
    private int nameTo;
    private int valueFrom;
    private int valueTo;
    private String oddName = "";
    private String oddValue = "";

    /**
     * @param statusLineBytesMax of one status line
     * @param fieldBytesMax of all field lines together
     */
    AnswerLines(int statusLineBytesMax, int fieldBytesMax) {
        this.statusLineBytesMax = statusLineBytesMax;
        this.fieldBytesMax = fieldBytesMax;
    }

    /** Makes ready for a head. */
    void beginHead() {
        begin();
        isStatusLineNext = true;
    }

    /** Makes ready for fields without a status line. */
    void beginFields() {
        begin();
        isStatusLineNext = false;
    }

    private void begin() {
        head.clear();
        source = head.fields();
        isLenient = false;
        fieldBytes = 0;
        lineFrom = 0;
        scanned = 0;
        hasLast = false;
        oddName = "";
        oddValue = "";
    }

    ResponseHead head() {
        return head;
    }

    Fields fields() {
        return head.fields();
    }

    /** Whether a line ended in LF alone. */
    boolean isLenient() {
        return isLenient;
    }

    /** Takes octets up to the empty line; whether that has come. */
    boolean read(ByteBuf in) {
        while (in.isReadable()) {
            int length = Math.min(in.readableBytes(), PORTION);
            source.append(in, in.readerIndex(), length);
            int unused = scan();
            if (unused >= 0) {
                in.skipBytes(length - unused);
                return true;
            }
            in.skipBytes(length);
        }
        return false;
    }

    /** Takes all lines that are complete; the number of octets behind the empty one, or -1 as long as it has not come. */
    private int scan() {
        for (int to = feed(); to >= 0; to = feed()) {
            int from = lineFrom;
            lineFrom = to + 1;
            scanned = lineFrom;
            boolean hasReturn = to > from && source.octets()[to - 1] == '\r';
            isLenient |= !hasReturn;
            int end = hasReturn ? to - 1 : to;
            if (isStatusLineNext) {
                statusLine(source.octets(), from, end);
            } else if (end == from) {
                return end(from);
            } else {
                fieldBytes += end - from;
                line(from, end, hasReturn);
            }
        }
        return -1;
    }

    /** Where the line under way ends; -1 as long as that has not come. */
    private int feed() {
        byte[] octets = source.octets();
        int size = source.size();
        int at = scanned;
        while (at < size && octets[at] != '\n') {
            at++;
        }
        int bytesMax = isStatusLineNext ? statusLineBytesMax : fieldBytesMax - fieldBytes;
        if (at - lineFrom > bytesMax + 1) {
            throw new InvalidAnswerException("a line, or all of them together, are longer than this edge accepts");
        }
        scanned = at;
        return at < size ? at : -1;
    }

    private void statusLine(byte[] octets, int from, int to) {
        int minor = from + VERSION.length;
        int status = from + STATUS_AT;
        boolean isLine = to - from >= STATUS_AT + 3
                && startsWithVersion(octets, from)
                && isDigit(octets[minor])
                && octets[minor + 1] == ' '
                && (to == status + 3 || octets[status + 3] == ' ');
        if (!isLine) {
            throw new InvalidAnswerException("the status line is none of HTTP/1");
        }
        int reasonFrom = Math.min(status + 4, to);
        checkText(octets, reasonFrom, to);
        head.mark(
                number(octets, status),
                reasonFrom,
                to,
                octets[minor] == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);
        isStatusLineNext = false;
    }

    private static boolean startsWithVersion(byte[] octets, int from) {
        for (int i = 0; i < VERSION.length; i++) {
            if (octets[from + i] != VERSION[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] octets, int from) {
        int number = 0;
        for (int i = from; i < from + 3; i++) {
            if (!isDigit(octets[i])) {
                throw new InvalidAnswerException("the status is no number");
            }
            number = number * 10 + octets[i] - '0';
        }
        if (number < 100) {
            throw new InvalidAnswerException("the status is below 100");
        }
        return number;
    }

    /** One field line, or what continues the one before it: such a fold is undone (RFC 9112 section 5.2). */
    private void line(int from, int to, boolean hasReturn) {
        byte[] octets = source.octets();
        if (isBlank(octets[from])) {
            fold(octets, from, to);
            return;
        }
        keepLast();
        int at = from;
        while (at < to && TOKEN[octets[at] & 0xFF]) {
            at++;
        }
        boolean isPlain = hasReturn && source == head.fields() && at > from && at < to && octets[at] == ':';
        if (isPlain) {
            nameFrom = from;
            nameTo = at;
            trimValue(octets, at + 1, to);
            checkText(octets, valueFrom, valueTo);
            hasLast = true;
        } else {
            odd(octets, from, at, to);
        }
    }

    /** A line that is written anew; what is no name ends at {@code at}. */
    private void odd(byte[] octets, int from, int at, int to) {
        int colon = at;
        while (colon < to && isBlank(octets[colon])) {
            colon++; // blanks before the colon are taken away, as a proxy must (RFC 9112 section 5.1)
        }
        if (at == from || colon == to || octets[colon] != ':') {
            throw new InvalidAnswerException("a field line does not begin with a name and a colon");
        }
        trimValue(octets, colon + 1, to);
        checkText(octets, valueFrom, valueTo);
        oddName = text(octets, from, at);
        oddValue = text(octets, valueFrom, valueTo);
        writeAnewBehind(from);
    }

    private void fold(byte[] octets, int from, int to) {
        if (hasLast) {
            oddName = text(octets, nameFrom, nameTo);
            oddValue = text(octets, valueFrom, valueTo);
            hasLast = false;
            writeAnewBehind(nameFrom);
        } else if (oddName.isEmpty()) {
            throw new InvalidAnswerException("the first field line is folded");
        }
        trimValue(octets, from, to);
        checkText(octets, valueFrom, valueTo);
        oddValue = (oddValue + ' ' + text(octets, valueFrom, valueTo)).strip();
    }

    /** Keeps no octets of the lines from there on: what follows is read elsewhere and written field by field. */
    private void writeAnewBehind(int from) {
        Fields fields = head.fields();
        if (source == fields) {
            Fields elsewhere = new Fields();
            int length = fields.size() - lineFrom;
            elsewhere.append(Unpooled.wrappedBuffer(fields.octets()), lineFrom, length);
            fields.cut(from);
            source = elsewhere;
            lineFrom = 0;
            scanned = 0;
        }
    }

    private void keepLast() {
        if (hasLast) {
            head.fields().mark(nameFrom, nameTo, valueFrom, valueTo);
            hasLast = false;
        } else if (!oddName.isEmpty()) {
            head.fields().add(oddName, oddValue);
            oddName = "";
        }
    }

    private int end(int from) {
        int unused = source.size() - lineFrom;
        keepLast();
        if (source == head.fields()) {
            source.cut(from);
        }
        return unused;
    }

    private void trimValue(byte[] octets, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(octets[start])) {
            start++;
        }
        while (end > start && isBlank(octets[end - 1])) {
            end--;
        }
        valueFrom = start;
        valueTo = end;
    }

    private static void checkText(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            int c = octets[i];
            if ((c < ' ' && c >= 0 && c != '\t') || c == 0x7F) {
                throw new InvalidAnswerException("a control character stands in the head");
            }
        }
    }

    private static String text(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }
}
