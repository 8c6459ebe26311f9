package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers to a client of HTTP/1 (RFC 9112): the head as one buffer, the body as the buffers it comes in, in chunks where its length
 * is not known. Belongs to one connection and its event loop.
 */
final class Http1AnswerWriter implements FieldWriter {
    private static final int HEAD_BYTES = 768;
    private static final int CHUNK_BYTES = 16;
    private static final AsciiString LINE_10 = new AsciiString("HTTP/1.0 ");
    private static final AsciiString LINE_11 = new AsciiString("HTTP/1.1 ");
    private static final AsciiString CLOSE = new AsciiString("Connection: close\r\n");
    private static final AsciiString UPGRADE = new AsciiString("Connection: upgrade\r\nUpgrade: websocket\r\n");
    private static final AsciiString CHUNKED = new AsciiString("Transfer-Encoding: chunked\r\n");
    private static final AsciiString LAST_CHUNK = new AsciiString("0\r\n");
    private static final ByteBuf CRLF = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeByte('\r').writeByte('\n').asReadOnly());
    private static final int CRLF_SHORT = '\r' << 8 | '\n';

    private final ChannelHandlerContext context;
    /** A head, or what stands before the next piece of a body, that is not queued yet. */
    private @Nullable ByteBuf pending;

    private boolean isChunked;
    private boolean isHttp10;
    private long written;

    Http1AnswerWriter(ChannelHandlerContext context) {
        this.context = context;
    }

    /** Begins a head. */
    FieldWriter begin(int status, String reason, boolean toHttp10) {
        ByteBuf head = line(status, toHttp10);
        head.writeCharSequence(reason, StandardCharsets.ISO_8859_1);
        head.writeShort(CRLF_SHORT);
        return this;
    }

    /** Begins a head with an origin's own status and reason. */
    FieldWriter begin(ResponseHead of, boolean toHttp10) {
        ByteBuf head = line(of.status(), toHttp10);
        head.writeBytes(of.fields().octets(), of.reasonFrom(), of.reasonLength());
        head.writeShort(CRLF_SHORT);
        return this;
    }

    private ByteBuf line(int status, boolean toHttp10) {
        flushPending();
        ByteBuf head = context.alloc().directBuffer(HEAD_BYTES);
        pending = head;
        isHttp10 = toHttp10;
        isChunked = false;
        ByteBufUtil.copy(toHttp10 ? LINE_10 : LINE_11, head);
        head.writeByte('0' + status / 100);
        head.writeByte('0' + status / 10 % 10);
        head.writeByte('0' + status % 10);
        head.writeByte(' ');
        return head;
    }

    private ByteBuf head() {
        return Objects.requireNonNull(pending, "begun");
    }

    @Override
    public void copy(Fields from, int first, int last) {
        if (first < last) {
            int start = from.from(first);
            head().writeBytes(from.octets(), start, from.to(last - 1) - start);
        }
    }

    @Override
    public void add(FieldName name, CharSequence value) {
        ByteBuf to = head();
        ByteBufUtil.copy(name.prefix(), to);
        to.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        to.writeShort(CRLF_SHORT);
    }

    @Override
    public void add(FieldName name, AsciiString value) {
        ByteBuf to = head();
        ByteBufUtil.copy(name.prefix(), to);
        ByteBufUtil.copy(value, to);
        to.writeShort(CRLF_SHORT);
    }

    void endInterim() {
        head().writeShort(CRLF_SHORT);
        flushPending();
    }

    /**
     * @param length as {@link io.anycastle.proxy.message.ClientStream#endHead} takes it
     * @param isLast whether the connection ends behind the answer
     */
    void endHead(long length, boolean isLast) {
        ByteBuf to = head();
        written = 0;
        isChunked = length == BodyLength.UNKNOWN && !isHttp10;
        if (length == BodyLength.TUNNEL) {
            ByteBufUtil.copy(UPGRADE, to);
        } else if (isLast) {
            ByteBufUtil.copy(CLOSE, to);
        }
        if (isChunked) {
            ByteBufUtil.copy(CHUNKED, to);
        }
        to.writeShort(CRLF_SHORT);
    }

    /** Queues a piece of the body, which is not empty. */
    void write(ByteBuf piece) {
        written += piece.readableBytes();
        if (isChunked) {
            ByteBuf size = pending == null ? context.alloc().directBuffer(CHUNK_BYTES) : pending;
            pending = size;
            size.writeCharSequence(Integer.toHexString(piece.readableBytes()), StandardCharsets.US_ASCII);
            size.writeShort(CRLF_SHORT);
            flushPending();
            context.write(piece, context.voidPromise());
            context.write(CRLF.duplicate(), context.voidPromise());
        } else {
            flushPending();
            context.write(piece, context.voidPromise());
        }
    }

    /** Ends the body. */
    void end(@Nullable Fields trailers) {
        if (isChunked) {
            ByteBuf last = pending == null ? context.alloc().directBuffer(CHUNK_BYTES) : pending;
            pending = last;
            ByteBufUtil.copy(LAST_CHUNK, last);
            if (trailers != null) {
                copy(trailers, 0, trailers.count());
            }
            last.writeShort(CRLF_SHORT);
            isChunked = false;
        }
        flushPending();
    }

    /** Queues what is still kept back. */
    void flushPending() {
        ByteBuf kept = pending;
        pending = null;
        if (kept != null) {
            context.write(kept, context.voidPromise());
        }
    }

    void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    /** Octets of the body so far. */
    long written() {
        return written;
    }
}
