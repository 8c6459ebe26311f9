package io.anycastle.proxy.listen;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of one request head after another by the strict grammar of RFC 9112 section 3 and RFC 9110 section 5, and stops at
 * the first byte that another server might read differently. It decides nothing but that: a head that passes is parsed elsewhere.
 * Belongs to one connection and its event loop.
 */
final class HeadScanner {
    private static final int VERSION_LENGTH = 8;
    private static final int MAJOR_AT = 5;
    private static final int MINOR_AT = 7;
    private static final int METHOD_BYTES_MAX = 32;
    private static final int EMPTY_LINES_MAX = 2;
    private static final boolean[] TOKEN = tokens();

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
    private int partBytes;
    private int headersBytes;
    private int emptyLines;
    private boolean isOtherMajor;
    private @Nullable HeadFault fault;

    HeadScanner(HeadLimits limits) {
        this.limits = limits;
    }

    /** Makes ready for the next head of the connection. */
    void reset() {
        at = At.BEFORE_LINE;
        partBytes = 0;
        headersBytes = 0;
        emptyLines = 0;
    }

    boolean isDone() {
        return at == At.DONE;
    }

    boolean isBegun() {
        return at != At.BEFORE_LINE;
    }

    Optional<HeadFault> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * Reads on until the head is complete, a fault is found or the bytes are used up.
     *
     * @return how many bytes were read, the head's last one included
     */
    int scan(ByteBuf bytes, int from, int to) {
        int i = from;
        while (i < to && at != At.DONE) {
            fault = step(bytes.getByte(i));
            if (at == At.VERSION && partBytes == VERSION_LENGTH && isLaterMinor(bytes.getByte(i))) {
                bytes.setByte(i, '1'); // what is later in HTTP/1 is served as 1.1 (RFC 9110 section 6.2)
            }
            if (fault != null) {
                return i - from;
            }
            i++;
        }
        return i - from;
    }

    private @Nullable HeadFault step(byte b) {
        return switch (at) {
            case BEFORE_LINE -> beforeLine(b);
            case EMPTY_LINE_LF -> lineFeed(b, At.BEFORE_LINE);
            case METHOD -> method(b);
            case TARGET -> target(b);
            case VERSION -> version(b);
            case LINE_LF, HEADER_LF -> lineFeed(b, At.LINE_START);
            case LINE_START -> lineStart(b);
            case NAME -> name(b);
            case VALUE -> value(b);
            case END_LF -> lineFeed(b, At.DONE);
            case DONE -> null;
        };
    }

    private @Nullable HeadFault beforeLine(byte b) {
        if (b == '\r' && emptyLines < EMPTY_LINES_MAX) {
            emptyLines++;
            return go(At.EMPTY_LINE_LF);
        }
        if (b == '\n') {
            return HeadFault.BARE_LINE_FEED;
        }
        go(At.METHOD);
        return method(b);
    }

    private @Nullable HeadFault method(byte b) {
        if (b == ' ') {
            return partBytes == 0 ? HeadFault.BAD_REQUEST_LINE : go(At.TARGET);
        }
        partBytes++;
        return isToken(b) && partBytes <= METHOD_BYTES_MAX ? null : HeadFault.BAD_METHOD;
    }

    private @Nullable HeadFault target(byte b) {
        if (b == ' ') {
            return partBytes == 0 ? HeadFault.BAD_REQUEST_LINE : go(At.VERSION);
        }
        if (b == '\r' || b == '\n') {
            return HeadFault.BAD_REQUEST_LINE;
        }
        if (b <= ' ' || b == 0x7F) {
            return HeadFault.BAD_TARGET;
        }
        return ++partBytes > limits.targetBytesMax() ? HeadFault.TARGET_TOO_LONG : null;
    }

    private @Nullable HeadFault version(byte b) {
        if (partBytes == VERSION_LENGTH) {
            if (b == '\n') {
                return HeadFault.BARE_LINE_FEED;
            }
            return b == '\r' ? go(At.LINE_LF) : HeadFault.BAD_REQUEST_LINE;
        }
        if (partBytes == 0 && b == ' ') {
            return HeadFault.BAD_REQUEST_LINE;
        }
        boolean isDigit = b >= '0' && b <= '9';
        boolean fits = (partBytes == MAJOR_AT || partBytes == MINOR_AT) ? isDigit : b == "HTTP/1.".charAt(partBytes);
        if (partBytes == MAJOR_AT) {
            isOtherMajor = b != '1';
        }
        partBytes++;
        if (!fits) {
            return HeadFault.BAD_REQUEST_LINE;
        }
        return isOtherMajor && partBytes == VERSION_LENGTH ? HeadFault.BAD_VERSION : null;
    }

    private static boolean isLaterMinor(byte b) {
        return b >= '2' && b <= '9';
    }

    private @Nullable HeadFault lineStart(byte b) {
        if (b == '\r') {
            return go(At.END_LF);
        }
        if (b == '\n') {
            return HeadFault.BARE_LINE_FEED;
        }
        if (b == ' ' || b == '\t') {
            return HeadFault.FOLDED_LINE;
        }
        go(At.NAME);
        return b == ':' ? HeadFault.BAD_HEADER_NAME : name(b);
    }

    private @Nullable HeadFault name(byte b) {
        if (b == ':') {
            at = At.VALUE;
            return count();
        }
        return isToken(b) ? count() : HeadFault.BAD_HEADER_NAME;
    }

    private @Nullable HeadFault value(byte b) {
        if (b == '\r') {
            return go(At.HEADER_LF);
        }
        if (b == '\n') {
            return HeadFault.BARE_LINE_FEED;
        }
        if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7F) {
            return HeadFault.BAD_HEADER_VALUE;
        }
        return count();
    }

    private @Nullable HeadFault count() {
        if (++headersBytes > limits.headersBytesMax()) {
            return HeadFault.HEADERS_TOO_LONG;
        }
        return ++partBytes > limits.headerBytesMax() ? HeadFault.HEADER_TOO_LONG : null;
    }

    private @Nullable HeadFault lineFeed(byte b, At next) {
        return b == '\n' ? go(next) : HeadFault.BARE_CARRIAGE_RETURN;
    }

    private @Nullable HeadFault go(At next) {
        at = next;
        partBytes = 0;
        return null;
    }

    private static boolean isToken(byte b) {
        return b >= 0 && TOKEN[b];
    }

    private static boolean[] tokens() {
        boolean[] token = new boolean[128];
        for (char c = '0'; c <= 'z'; c++) {
            token[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            token[c] = true;
        }
        return token;
    }
}
