package io.anycastle.proxy.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what an origin sends into answers (RFC 9112): strict about what could be read in two ways, and lenient, as nginx and HAProxy are,
 * about lines that end in LF alone and blanks behind a chunk's size; a connection that needed that is not used again. What comes unasked
 * ends the connection. Belongs to one connection and its event loop.
 */
final class AnswerDecoder extends ByteToMessageDecoder {
    private static final int CHUNK_LINE_BYTES_MAX = 4 * 1024;
    private static final int CHUNK_DIGITS_MAX = 15;
    /** An origin that closes after so long closes a little earlier on a busy day; so the edge goes first. */
    private static final Duration EARLIER = Duration.ofSeconds(1);

    private static final InterimResponse.Listener NOBODY = interim -> {};

    private enum At {
        UNASKED,
        STATUS_LINE,
        FIELDS,
        LENGTH,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        UNTIL_END,
        SWITCHED,
        BROKEN
    }

    private final int statusLineBytesMax;
    private final int fieldBytesMax;
    private At at = At.UNASKED;
    private boolean isHeadAsked;
    private boolean isLenient;
    private boolean isLast;
    /** The head that is being read. */
    private @Nullable AnswerHead head;
    /** The head of the answer whose body is being read. */
    private @Nullable AnswerHead current;

    private String version = "1.1";
    private int scanned;
    private int fieldBytes;
    private long left;
    private InterimResponse.Listener interims = NOBODY;
    private @Nullable Future<?> end;

    /**
     * @param statusLineBytesMax of one status line
     * @param fieldBytesMax of all field lines of one answer
     */
    AnswerDecoder(int statusLineBytesMax, int fieldBytesMax) {
        this.statusLineBytesMax = statusLineBytesMax;
        this.fieldBytesMax = fieldBytesMax;
    }

    /** A request is on its way: its answer is next. */
    void expect(HttpMethod method) {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
        if (at == At.UNASKED) {
            at = At.STATUS_LINE;
        }
        isHeadAsked = method.equals(HttpMethod.HEAD);
    }

    /** Who hears of interim answers from now on. */
    void tell(InterimResponse.Listener listener) {
        interims = listener;
    }

    /** The version of the answer whose head was read last, as Via tells it. */
    String version() {
        return version;
    }

    /** The answer under way, or the next one, is the last of its connection. */
    void isLastAnswer() {
        isLast = true;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            step(context, in, out);
        } catch (InvalidAnswerException e) {
            at = At.BROKEN;
            in.skipBytes(in.readableBytes());
            var broken = new DefaultHttpContent(Unpooled.EMPTY_BUFFER);
            broken.setDecoderResult(DecoderResult.failure(e));
            out.add(broken);
        }
    }

    private void step(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (at) {
            case UNASKED -> throw new InvalidAnswerException("the origin sends something that nobody asked for");
            case STATUS_LINE, FIELDS -> head(context, in, out);
            case LENGTH -> length(context, in, out);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK -> chunk(in, out);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailers(context, in, out);
            case UNTIL_END -> out.add(new DefaultHttpContent(in.readRetainedSlice(in.readableBytes())));
            case SWITCHED -> {} // the octets wait until this decoder is taken away
            case BROKEN -> in.skipBytes(in.readableBytes());
        }
    }

    private void head(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        String line = line(in, at == At.STATUS_LINE ? statusLineBytesMax : fieldBytesMax - fieldBytes);
        if (line == null) {
            return;
        }
        if (head == null) {
            head = new AnswerHead(line);
            fieldBytes = 0;
            at = At.FIELDS;
        } else if (line.isEmpty()) {
            AnswerHead whole = head;
            head = null;
            whole.end();
            headEnds(context, whole, in, out);
        } else {
            fieldBytes += line.length();
            head.add(line);
        }
    }

    private void headEnds(ChannelHandlerContext context, AnswerHead answer, ByteBuf in, List<Object> out) {
        if (answer.isInterim()) {
            at = At.STATUS_LINE;
            interims.take(answer.interim());
            return;
        }
        boolean isEmpty = isHeadAsked || answer.status() == 204 || answer.status() == 304;
        OptionalLong length = OptionalLong.empty();
        if (answer.status() == 101) {
            at = At.SWITCHED;
        } else if (!isEmpty) {
            at = answer.isChunked() ? At.CHUNK_SIZE : At.UNTIL_END;
            length = answer.length();
        }
        if (at != At.SWITCHED) {
            answer.settle();
        }
        current = answer;
        version = answer.isHttp10() ? "1.0" : "1.1";
        out.add(answer.message());
        if (length.isPresent()) {
            at = At.LENGTH;
            left = length.getAsLong();
            isEmpty = left == 0;
        }
        if (isEmpty && at != At.SWITCHED) {
            last(context, in, out);
        }
    }

    private void length(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        piece(in, out);
        if (left == 0) {
            last(context, in, out);
        }
    }

    private void piece(ByteBuf in, List<Object> out) {
        int size = (int) Math.min(left, in.readableBytes());
        left -= size;
        out.add(new DefaultHttpContent(in.readRetainedSlice(size)));
    }

    private void chunkSize(ByteBuf in) {
        String line = line(in, CHUNK_LINE_BYTES_MAX);
        if (line == null) {
            return;
        }
        int digits = 0;
        long size = 0;
        while (digits < line.length() && Character.digit(line.charAt(digits), 16) >= 0 && line.charAt(digits) < 128) {
            size = size * 16 + Character.digit(line.charAt(digits), 16);
            if (++digits > CHUNK_DIGITS_MAX) {
                throw new InvalidAnswerException("a chunk is too large");
            }
        }
        checkBehindSize(line, digits);
        left = size;
        fieldBytes = 0;
        at = size == 0 ? At.TRAILERS : At.CHUNK;
    }

    /** Nothing, blanks, or an extension; the blanks without one are not of the grammar, but origins write them. */
    private void checkBehindSize(String line, int digits) {
        String rest = line.substring(digits).strip();
        boolean isExtension = rest.startsWith(";");
        if (digits == 0 || (!rest.isEmpty() && !isExtension) || rest.indexOf('\r') >= 0) {
            throw new InvalidAnswerException("a chunk's size is no number");
        }
        isLenient |= line.length() > digits && !isExtension;
    }

    private void chunk(ByteBuf in, List<Object> out) {
        piece(in, out);
        if (left == 0) {
            at = At.CHUNK_END;
        }
    }

    private void chunkEnd(ByteBuf in) {
        String line = line(in, 1);
        if (line == null) {
            return;
        }
        if (!line.isEmpty()) {
            throw new InvalidAnswerException("a chunk is longer than its size");
        }
        at = At.CHUNK_SIZE;
    }

    private void trailers(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        String line = line(in, fieldBytesMax - fieldBytes);
        if (line == null) {
            return;
        }
        fieldBytes += line.length();
        if (line.isEmpty()) {
            last(context, in, out);
        }
    }

    /** One line without its end; null until it is complete. */
    private @Nullable String line(ByteBuf in, int bytesMax) {
        int from = in.readerIndex();
        int feed = in.indexOf(from + scanned, in.writerIndex(), (byte) '\n');
        int length = (feed < 0 ? in.writerIndex() : feed) - from;
        if (length > bytesMax + 1) {
            throw new InvalidAnswerException("a line, or all of them together, are longer than this edge accepts");
        }
        if (feed < 0) {
            scanned = length;
            return null;
        }
        scanned = 0;
        boolean hasReturn = length > 0 && in.getByte(feed - 1) == '\r';
        isLenient |= !hasReturn;
        String line = in.toString(from, hasReturn ? length - 1 : length, StandardCharsets.ISO_8859_1);
        in.readerIndex(feed + 1);
        return line;
    }

    private void last(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        at = At.UNASKED;
        AnswerHead answer = current;
        current = null;
        if (answer == null) {
            return;
        }
        OptionalLong kept = answer.keptSeconds();
        boolean isKept = answer.isKept()
                && !isLenient
                && !isLast
                && !in.isReadable() // more than was asked for: whose answer would it be?
                && (kept.isEmpty() || kept.getAsLong() > 0);
        isLenient = false;
        if (!isKept) {
            answer.fields().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE); // Vert.x looks at it now
        }
        interims = NOBODY;
        out.add(LastHttpContent.EMPTY_LAST_CONTENT);
        if (isKept && kept.isPresent()) {
            endIn(context, Duration.ofSeconds(kept.getAsLong()));
        }
    }

    private void endIn(ChannelHandlerContext context, Duration announced) {
        Duration half = announced.dividedBy(2);
        Duration earlier = announced.minus(EARLIER);
        long millis = (half.compareTo(earlier) > 0 ? half : earlier).toMillis();
        end = context.executor().schedule(() -> context.close(), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(context, in, out);
        if (at == At.UNTIL_END) {
            isLast = true;
            last(context, in, out);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (at == At.UNTIL_END) {
            at = At.BROKEN; // what ends in a reset has not come whole
        }
        context.fireExceptionCaught(cause);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (end != null) {
            end.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (end != null) {
            end.cancel(false);
        }
        super.channelInactive(context);
    }
}
