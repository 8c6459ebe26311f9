package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what an origin sends into answers (RFC 9112): strict about what could be read in two ways, and lenient, as nginx and HAProxy are,
 * about lines that end in LF alone and blanks behind a chunk's size; a connection that needed that is not used again. Bodies go on in the
 * buffers they came in. Belongs to one connection and its event loop.
 */
final class AnswerParser {
    /** Who is told what was read, and may stop the reading meanwhile. */
    interface Sink {
        /** Whether nothing more is to be told for now. */
        boolean isStopped();

        void interim(ResponseHead head);

        void answered(ResponseHead head, long length);

        /**
         * A piece of the body, which is the sink's to release.
         *
         * @param isWholeBuffer whether it is the buffer itself that is being read
         */
        void body(ByteBuf piece, boolean isWholeBuffer);

        void ended(@Nullable Fields trailers);
    }

    /** An origin that closes after so long closes a little earlier on a busy day; so the edge goes first. */
    private static final Duration EARLIER = Duration.ofSeconds(1);

    private enum At {
        UNASKED,
        HEAD,
        LENGTH,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        UNTIL_END,
        TUNNEL,
        /** The answer is whole, which is still to be told. */
        WHOLE
    }

    private final Sink sink;
    private final AnswerShelf shelf;
    private final AnswerChunks chunks = new AnswerChunks();
    private At at = At.UNASKED;
    private boolean isHeadAsked;
    private boolean isTunnelAsked;
    private boolean isLenient;
    private boolean staysOpen;
    private long keptSeconds = AnswerFraming.UNSAID;
    private long left;
    /** The head that is being read, then that of the answer whose body is. */
    private @Nullable AnswerLines head;

    private @Nullable AnswerLines trailers;

    AnswerParser(Sink sink, AnswerShelf shelf) {
        this.sink = sink;
        this.shelf = shelf;
    }

    /** A request is on its way: its answer is next. */
    void expect(boolean isHead, boolean isTunnel) {
        isHeadAsked = isHead;
        isTunnelAsked = isTunnel;
        isLenient = false;
        staysOpen = true;
        keptSeconds = AnswerFraming.UNSAID;
        at = At.HEAD;
    }

    /** Whether an answer is still to come, or a part of it. */
    boolean isExpecting() {
        return at != At.UNASKED;
    }

    /** Whether something is to be told without another octet. */
    boolean isWhole() {
        return at == At.WHOLE;
    }

    /** Whether the origin, by the head of its answer, takes another request on the connection. */
    boolean staysOpen() {
        return staysOpen;
    }

    /** The same, by all that came of the answer. */
    boolean isReusable() {
        return staysOpen && !isLenient && keptSeconds != 0;
    }

    /** How long the edge keeps the connection unused, by what the origin says; without a word, for ever. */
    long keptNanos() {
        if (keptSeconds == AnswerFraming.UNSAID) {
            return Long.MAX_VALUE;
        }
        long announced = TimeUnit.SECONDS.toNanos(keptSeconds);
        return Math.max(announced / 2, announced - EARLIER.toNanos());
    }

    /** Takes octets as far as the sink does; what is told last may be the buffer itself, which is the sink's then. */
    void read(ByteBuf in) {
        boolean isHere = true;
        while (!sink.isStopped() && (at == At.WHOLE || (isHere && in.isReadable() && at != At.UNASKED))) {
            isHere &= step(in);
        }
    }

    /** Whether the buffer was not passed on. */
    private boolean step(ByteBuf in) {
        switch (at) {
            case HEAD -> head(in);
            case LENGTH -> {
                return piece(in, At.WHOLE);
            }
            case CHUNK -> {
                return piece(in, At.CHUNK_END);
            }
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_END -> at = chunks.readEnd(in) ? At.CHUNK_SIZE : At.CHUNK_END;
            case TRAILERS -> trailers(in);
            case UNTIL_END, TUNNEL -> {
                sink.body(in, true);
                return false;
            }
            case WHOLE -> end();
            case UNASKED -> throw new IllegalStateException("nothing is read that nobody asked for");
        }
        return true;
    }

    private void head(ByteBuf in) {
        AnswerLines lines = head;
        if (lines == null) {
            lines = shelf.take();
            lines.beginHead();
            head = lines;
        }
        if (lines.read(in)) {
            isLenient |= lines.isLenient();
            headEnds(lines);
        }
    }

    private void headEnds(AnswerLines lines) {
        ResponseHead answer = lines.head();
        int status = answer.status();
        if (status == 101 && !isTunnelAsked) {
            throw new InvalidAnswerException("the origin switches to what nobody asked for");
        }
        if (status < 200 && status != 101) {
            sink.interim(answer);
            lines.beginHead();
            return;
        }
        staysOpen = AnswerFraming.staysOpen(answer);
        keptSeconds = AnswerFraming.keptSeconds(answer.fields());
        sink.answered(answer, body(answer, status));
    }

    /** Decides what follows the head. */
    private long body(ResponseHead answer, int status) {
        if (status == 101) {
            at = At.TUNNEL;
            return BodyLength.TUNNEL;
        }
        if (isHeadAsked || status == 204 || status == 304) {
            at = At.WHOLE;
            return BodyLength.NONE;
        }
        if (AnswerFraming.isChunked(answer)) {
            chunks.begin();
            at = At.CHUNK_SIZE;
            return BodyLength.UNKNOWN;
        }
        long length = AnswerFraming.length(answer.fields());
        if (length < 0) {
            at = At.UNTIL_END;
            return BodyLength.UNKNOWN;
        }
        left = length;
        at = length == 0 ? At.WHOLE : At.LENGTH;
        return length;
    }

    private boolean piece(ByteBuf in, At behind) {
        int readable = in.readableBytes();
        int size = (int) Math.min(left, readable);
        left -= size;
        if (left == 0) {
            at = behind;
        }
        boolean isWholeBuffer = size == readable;
        sink.body(isWholeBuffer ? in : in.readRetainedSlice(size), isWholeBuffer);
        return !isWholeBuffer;
    }

    private void chunkSize(ByteBuf in) {
        if (!chunks.readSize(in)) {
            return;
        }
        left = chunks.size();
        if (left > 0) {
            at = At.CHUNK;
            return;
        }
        at = At.TRAILERS;
        AnswerLines lines = shelf.take();
        lines.beginFields();
        trailers = lines;
    }

    private void trailers(ByteBuf in) {
        AnswerLines lines = trailers;
        if (lines != null && lines.read(in)) {
            isLenient |= lines.isLenient() || chunks.isLenient();
            at = At.WHOLE;
        }
    }

    private void end() {
        AnswerLines answer = head;
        AnswerLines behind = trailers;
        head = null;
        trailers = null;
        at = At.UNASKED;
        boolean hasTrailers = behind != null && behind.fields().count() > 0;
        sink.ended(behind != null && hasTrailers ? behind.fields() : null);
        if (answer != null) {
            shelf.put(answer);
        }
        if (behind != null) {
            shelf.put(behind);
        }
    }

    /** The origin has ended its side in good order; whether that is the end of an answer, which then is to be told. */
    boolean endWithInput() {
        if (at != At.UNTIL_END) {
            return false;
        }
        at = At.WHOLE;
        staysOpen = false;
        return true;
    }

    /** Reads nothing more. */
    void stop() {
        at = At.UNASKED;
        head = null;
        trailers = null;
    }
}
