package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the body of a request out of what a client sends (RFC 9112 sections 6 and 7.1), by the letter: what another server might read
 * differently breaks it. Belongs to one connection and its event loop.
 */
final class RequestBodyReader {
    private static final int EXTENSION_BYTES_MAX = 4 * 1024;
    private static final int SIZE_DIGITS_MAX = 15;

    private enum At {
        LENGTH,
        SIZE,
        EXTENSION,
        SIZE_LF,
        CHUNK,
        CHUNK_CR,
        CHUNK_LF,
        /** Where the trailer fields begin, or the last line. */
        BEHIND_LAST,
        LAST_LF,
        TRAILERS,
        /** Everything is body, until the connection ends. */
        ALL,
        DONE,
        BROKEN
    }

    private final HeadLimits limits;
    private At at = At.DONE;
    private long left;
    private int digits;
    private int extensionBytes;
    private @Nullable HeadScanner scanner;
    private @Nullable Fields trailers;

    RequestBodyReader(HeadLimits limits) {
        this.limits = limits;
    }

    /** @param length in octets, or one of {@link BodyLength} */
    void begin(long length) {
        trailers = null;
        left = length;
        digits = 0;
        if (length == BodyLength.UNKNOWN) {
            at = At.SIZE;
            left = 0;
        } else if (length == BodyLength.TUNNEL) {
            at = At.ALL;
        } else {
            at = length == 0 ? At.DONE : At.LENGTH;
        }
    }

    boolean isDone() {
        return at == At.DONE;
    }

    /** Whether the body breaks the grammar: nothing more of it can be read. */
    boolean isBroken() {
        return at == At.BROKEN;
    }

    /** The fields behind a body in chunks, once it is done; null without any. */
    @Nullable
    Fields trailers() {
        return trailers != null && trailers.count() > 0 ? trailers : null;
    }

    /** The next piece of the body, which is the caller's to release; null when the octets hold none, or the body is done. */
    @Nullable
    ByteBuf next(ByteBuf in) {
        while (in.isReadable() && at != At.DONE && at != At.BROKEN) {
            switch (at) {
                case LENGTH, CHUNK -> {
                    return piece(in);
                }
                case ALL -> {
                    return in.readRetainedSlice(in.readableBytes());
                }
                case BEHIND_LAST -> behindLast(in);
                case TRAILERS -> trailers(in);
                default -> at = step(in.readByte());
            }
        }
        return null;
    }

    private ByteBuf piece(ByteBuf in) {
        int size = (int) Math.min(left, in.readableBytes());
        left -= size;
        if (left == 0) {
            at = at == At.LENGTH ? At.DONE : At.CHUNK_CR;
        }
        return in.readRetainedSlice(size);
    }

    private At step(byte b) {
        return switch (at) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> b == '\n' ? sized() : At.BROKEN;
            case CHUNK_CR -> b == '\r' ? At.CHUNK_LF : At.BROKEN;
            case CHUNK_LF -> b == '\n' ? At.SIZE : At.BROKEN;
            case LAST_LF -> b == '\n' ? At.DONE : At.BROKEN;
            default -> At.BROKEN;
        };
    }

    private At size(byte b) {
        int digit = b < 0 ? -1 : Character.digit(b, 16);
        if (digit >= 0) {
            left = left * 16 + digit;
            return ++digits <= SIZE_DIGITS_MAX ? At.SIZE : At.BROKEN;
        }
        if (digits == 0) {
            return At.BROKEN;
        }
        extensionBytes = 0;
        return switch (b) {
            case '\r' -> At.SIZE_LF;
            case ';' -> At.EXTENSION;
            default -> At.BROKEN;
        };
    }

    /** Extensions are dropped (RFC 9112 section 7.1.1). */
    private At extension(byte b) {
        if (b == '\r') {
            return At.SIZE_LF;
        }
        boolean isText = (b >= ' ' && b != 0x7F) || b == '\t' || b < 0;
        return isText && ++extensionBytes <= EXTENSION_BYTES_MAX ? At.EXTENSION : At.BROKEN;
    }

    private At sized() {
        digits = 0;
        return left > 0 ? At.CHUNK : At.BEHIND_LAST;
    }

    private void behindLast(ByteBuf in) {
        if (in.getByte(in.readerIndex()) == '\r') {
            in.skipBytes(1);
            at = At.LAST_LF;
            return;
        }
        HeadScanner reading = scanner == null ? new HeadScanner(limits) : scanner;
        scanner = reading;
        reading.resetForTrailers();
        trailers = new Fields();
        at = At.TRAILERS;
    }

    private void trailers(ByteBuf in) {
        HeadScanner reading = scanner;
        Fields fields = trailers;
        if (reading == null || fields == null) {
            at = At.BROKEN;
            return;
        }
        fields.append(in, in.readerIndex(), 1);
        in.skipBytes(1);
        if (reading.scan(fields)) {
            at = At.DONE;
        } else if (reading.fault() != null) {
            at = At.BROKEN;
        }
    }
}
