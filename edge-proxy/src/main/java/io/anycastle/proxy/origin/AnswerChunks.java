package io.anycastle.proxy.origin;

import io.netty.buffer.ByteBuf;

/**
 * Reads what stands around the chunks of an answer's body (RFC 9112 section 7.1): the line with a chunk's size and the line end behind
 * the chunk. Lenient about blanks behind a size and about lines that end in LF alone. Belongs to one connection.
 */
final class AnswerChunks {
    private static final int LINE_BYTES_MAX = 4 * 1024;
    private static final int DIGITS_MAX = 15;

    private enum At {
        DIGITS,
        BLANKS,
        EXTENSION,
        LINE_END
    }

    private At at = At.DIGITS;
    private boolean isLenient;
    private int digits;
    private int lineBytes;
    private long size;

    void begin() {
        isLenient = false;
        beginLine();
    }

    private void beginLine() {
        at = At.DIGITS;
        digits = 0;
        lineBytes = 0;
    }

    /** Whether one of the lines was not as the grammar has it. */
    boolean isLenient() {
        return isLenient;
    }

    /** The size of the chunk whose line was read. */
    long size() {
        return size;
    }

    /** Takes octets up to the end of a size's line; whether that has come. */
    boolean readSize(ByteBuf in) {
        while (in.isReadable()) {
            byte octet = in.readByte();
            if (octet == '\n') {
                endSize();
                return true;
            }
            if (++lineBytes > LINE_BYTES_MAX + 1) {
                throw new InvalidAnswerException("the line of a chunk's size is too long");
            }
            takeOfSize(octet);
        }
        return false;
    }

    private void takeOfSize(byte octet) {
        if (at == At.DIGITS && digit(octet) >= 0) {
            size = (digits == 0 ? 0 : size * 16) + digit(octet);
            if (++digits > DIGITS_MAX) {
                throw new InvalidAnswerException("a chunk is too large");
            }
            return;
        }
        if (digits == 0 || at == At.LINE_END) {
            throw new InvalidAnswerException("a chunk's size is no number");
        }
        if (octet == '\r') {
            isLenient |= at == At.BLANKS; // these are not of the grammar, but origins write them
            at = At.LINE_END;
        } else if (at != At.EXTENSION) {
            at = behindDigits(octet);
        }
    }

    private static At behindDigits(byte octet) {
        return switch (octet) {
            case ';' -> At.EXTENSION;
            case ' ', '\t' -> At.BLANKS;
            default -> throw new InvalidAnswerException("a chunk's size is no number");
        };
    }

    private void endSize() {
        if (digits == 0) {
            throw new InvalidAnswerException("a chunk's size is no number");
        }
        isLenient |= at != At.LINE_END;
        beginLine();
    }

    private static int digit(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int letter = octet | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** Takes the line end behind a chunk; whether it has come whole. */
    boolean readEnd(ByteBuf in) {
        while (in.isReadable()) {
            byte octet = in.readByte();
            if (octet == '\n') {
                isLenient |= at != At.LINE_END;
                at = At.DIGITS;
                return true;
            }
            if (octet != '\r' || at == At.LINE_END) {
                throw new InvalidAnswerException("a chunk is longer than its size");
            }
            at = At.LINE_END;
        }
        return false;
    }
}
