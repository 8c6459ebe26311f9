package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests in the form of HTTP/1.1 (RFC 9112): each head into one buffer, and small pieces of the body behind it. Belongs to one
 * connection and its event loop.
 */
final class RequestWriter implements FieldWriter {
    private static final int BUFFER_FIRST = 2 * 1024;
    /** A piece that is not larger is copied: that costs less than another buffer on its way through the kernel. */
    private static final int COPIED_MAX = 1024;

    private static final int GATHERED_MAX = 16 * 1024;
    private static final AsciiString LINE_END = AsciiString.cached(" HTTP/1.1\r\n");
    private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n");
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final int CR_LF = 0x0D0A;

    private final Channel channel;
    private @Nullable ByteBuf buffer;
    private long left;
    private boolean isChunked;
    private boolean isTunnel;
    private boolean isHead;
    private boolean isEnded = true;

    RequestWriter(Channel channel) {
        this.channel = channel;
    }

    /** Whether the request, so far as this side knows it, has been written whole. */
    boolean isEnded() {
        return isEnded;
    }

    /** Whether the request asks for a head alone. */
    boolean isHead() {
        return isHead;
    }

    void begin(RequestHead line) {
        isHead = line.isMethod("HEAD");
        isEnded = false;
        isChunked = false;
        isTunnel = false;
        left = 0;
        ByteBuf out = buffer();
        line.writeLine(out);
        put(out, LINE_END);
    }

    private ByteBuf buffer() {
        ByteBuf out = buffer;
        if (out == null) {
            out = channel.alloc().directBuffer(BUFFER_FIRST);
            buffer = out;
        }
        return out;
    }

    private static void put(ByteBuf out, AsciiString text) {
        out.writeBytes(text.array(), text.arrayOffset(), text.length());
    }

    @Override
    public void copy(Fields from, int first, int last) {
        if (first < last) {
            int start = from.from(first);
            buffer().writeBytes(from.octets(), start, from.to(last - 1) - start);
        }
    }

    @Override
    public void add(FieldName name, CharSequence value) {
        if (value instanceof AsciiString text) {
            add(name, text);
            return;
        }
        ByteBuf out = buffer();
        put(out, name.prefix());
        out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        out.writeShort(CR_LF);
    }

    @Override
    public void add(FieldName name, AsciiString value) {
        ByteBuf out = buffer();
        put(out, name.prefix());
        put(out, value);
        out.writeShort(CR_LF);
    }

    void endHead(long length) {
        isChunked = length == BodyLength.UNKNOWN;
        isTunnel = length == BodyLength.TUNNEL;
        left = Math.max(0, length);
        if (isChunked) {
            add(FieldName.TRANSFER_ENCODING, CHUNKED);
        }
        buffer().writeShort(CR_LF);
        isEnded = !isChunked && !isTunnel && left == 0;
    }

    /** The origin does not switch: nothing follows the head. */
    void refuseTunnel() {
        isEnded |= isTunnel;
    }

    /** Queues a piece, which is taken; whether it fits the length that was told. */
    boolean write(ByteBuf piece) {
        int size = piece.readableBytes();
        boolean fits = !isEnded && (isChunked || isTunnel || size <= left);
        if (size == 0 || !fits) {
            piece.release();
            return size == 0 || fits;
        }
        if (isChunked) {
            putSize(buffer(), size);
        }
        put(piece, size);
        if (isChunked) {
            buffer().writeShort(CR_LF);
        } else if (!isTunnel) {
            left -= size;
            isEnded = left == 0;
        }
        return true;
    }

    private void put(ByteBuf piece, int size) {
        if (size <= COPIED_MAX) {
            buffer().writeBytes(piece);
            piece.release();
            if (buffer().readableBytes() > GATHERED_MAX) {
                queue();
            }
        } else {
            queue();
            channel.write(piece, channel.voidPromise());
        }
    }

    private static void putSize(ByteBuf out, int size) {
        int shift = (31 - Integer.numberOfLeadingZeros(size)) & ~3;
        for (; shift >= 0; shift -= 4) {
            out.writeByte(Character.forDigit((size >> shift) & 0xF, 16));
        }
        out.writeShort(CR_LF);
    }

    /** Ends the request; whether its body is as long as was told. */
    boolean end(@Nullable Fields trailers) {
        if (isChunked && !isEnded) {
            put(buffer(), LAST_CHUNK);
            if (trailers != null) {
                copy(trailers, 0, trailers.count());
            }
            buffer().writeShort(CR_LF);
        }
        isEnded = true;
        return left == 0;
    }

    /** Sends what is queued. */
    void flush() {
        queue();
        channel.flush();
    }

    private void queue() {
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            channel.write(out, channel.voidPromise());
        }
    }

    /** Drops what is not queued yet. */
    void stop() {
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            out.release();
        }
        isEnded = true;
    }
}
