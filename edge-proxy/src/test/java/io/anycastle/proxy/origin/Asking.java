package io.anycastle.proxy.origin;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.OriginStream;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request, and all that is heard of its answer: a line for each event, but the body's pieces are one. */
final class Asking implements ResponseListener {
    private final RequestHead line = new RequestHead();
    private long length;
    private boolean isPausedFirst;
    private Consumer<Asking> onConnected = Asking::sendHead;
    private Consumer<Asking> onAnswered = asking -> {};
    private Consumer<Asking> onBody = asking -> {};
    private Consumer<Asking> onEnded = asking -> {};
    private Consumer<Asking> onFailed = asking -> {};
    private final StringBuilder told = new StringBuilder();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable Throwable failure;
    private @Nullable Thread toldBy;
    private boolean isOver;
    private @Nullable OriginStream stream;
    private boolean isKept;
    private boolean isAnswered;
    private int readsCompleted;
    private int writables;

    private Asking(String method, String target) {
        line.begin(method, target, HttpVersion.HTTP_1_1);
        line.fields().add("X-First", "1");
        line.fields().add("X-Second", "2");
    }

    static Asking get(String target) {
        return new Asking("GET", target);
    }

    static Asking of(String method, String target) {
        return new Asking(method, target);
    }

    /** One that asks for another protocol. */
    static Asking tunnel() {
        return get("/tunnel").length(BodyLength.TUNNEL);
    }

    Asking length(long octets) {
        length = octets;
        return this;
    }

    /** Takes nothing of the answer's body until it resumes. */
    Asking paused() {
        isPausedFirst = true;
        return this;
    }

    Asking whenConnected(Consumer<Asking> action) {
        onConnected = action;
        return this;
    }

    Asking whenAnswered(Consumer<Asking> action) {
        onAnswered = action;
        return this;
    }

    Asking whenBody(Consumer<Asking> action) {
        onBody = action;
        return this;
    }

    Asking whenEnded(Consumer<Asking> action) {
        onEnded = action;
        return this;
    }

    Asking whenFailed(Consumer<Asking> action) {
        onFailed = action;
        return this;
    }

    /** Writes the request's head, as a whole message where no body was told of. */
    void sendHead() {
        OriginStream to = stream();
        FieldWriter fields = to.request(line);
        fields.add(FieldName.HOST, "a.example.com");
        fields.copy(line.fields(), 0, 2);
        if (length > 0) {
            fields.add(FieldName.CONTENT_LENGTH, Long.toString(length));
        }
        to.endHead(length);
        to.flush();
    }

    void send(String piece) {
        stream().write(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1));
        stream().flush();
    }

    synchronized OriginStream stream() {
        if (stream == null) {
            throw new AssertionError("there is no connection: " + told);
        }
        return stream;
    }

    synchronized boolean isConnected() {
        return stream != null;
    }

    /** All that was told so far. */
    synchronized String told() {
        return told.toString();
    }

    synchronized byte[] body() {
        return body.toByteArray();
    }

    synchronized int bodySize() {
        return body.size();
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** The thread that told of a connection that could not be had. */
    synchronized @Nullable Thread toldBy() {
        return toldBy;
    }

    synchronized boolean isOver() {
        return isOver;
    }

    synchronized boolean isAnswered() {
        return isAnswered;
    }

    synchronized boolean isKept() {
        return isKept;
    }

    synchronized int readsCompleted() {
        return readsCompleted;
    }

    synchronized int writables() {
        return writables;
    }

    /** Waits for the end of it and tells all. */
    String toEnd() {
        Await.until(this::isOver);
        return told();
    }

    @Override
    public synchronized void connected(OriginStream to) {
        stream = to;
        isKept = to.isKept();
        onConnected.accept(this);
    }

    @Override
    public synchronized void connectFailed(Throwable why) {
        failure = why;
        toldBy = Thread.currentThread();
        told.append("not connected\n");
        isOver = true;
    }

    @Override
    public synchronized void interim(ResponseHead head) {
        told.append("interim ").append(text(head)).append('\n');
    }

    @Override
    public synchronized void answered(ResponseHead head, long bodyLength) {
        isAnswered = true;
        told.append("answered ")
                .append(text(head))
                .append(' ')
                .append(lengthText(bodyLength))
                .append('\n');
        if (isPausedFirst) {
            stream().pause();
        }
        onAnswered.accept(this);
    }

    static String text(ResponseHead head) {
        return head.version().logged() + ' ' + head.status() + ' ' + head.reason() + text(head.fields());
    }

    /** The fields as they are copied to the other side. */
    static String text(Fields fields) {
        if (fields.count() == 0) {
            return "";
        }
        int from = fields.from(0);
        String lines =
                new String(fields.octets(), from, fields.to(fields.count() - 1) - from, StandardCharsets.ISO_8859_1);
        return "|" + lines.replace("\r\n", "|");
    }

    static String lengthText(long octets) {
        if (octets == BodyLength.UNKNOWN) {
            return "unknown";
        }
        if (octets == BodyLength.TUNNEL) {
            return "tunnel";
        }
        return octets == BodyLength.NONE ? "none" : Long.toString(octets);
    }

    @Override
    public synchronized void body(ByteBuf piece) {
        if (body.size() == 0) {
            told.append("body\n");
        }
        byte[] octets = new byte[piece.readableBytes()];
        piece.readBytes(octets);
        piece.release();
        body.writeBytes(octets);
        onBody.accept(this);
    }

    @Override
    public synchronized void ended(@Nullable Fields trailers) {
        told.append("ended").append(trailers == null ? "" : text(trailers)).append('\n');
        isOver = true;
        onEnded.accept(this);
    }

    @Override
    public synchronized void readComplete() {
        readsCompleted++;
    }

    @Override
    public synchronized void writable() {
        writables++;
    }

    @Override
    public synchronized void failed(Throwable why) {
        failure = why;
        told.append("failed\n");
        isOver = true;
        onFailed.accept(this);
    }
}
