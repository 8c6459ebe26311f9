package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * One request of a connection of HTTP/3 and its answer (RFC 9114 section 4.1), on a QUIC stream of its own. What is not read of the stream
 * opens no window. Belongs to the connection's event loop.
 */
final class Http3ClientStream extends MultiplexedStream<Http3Headers> {
    private final Http3ClientConnection connection;
    private final QuicStreamChannel channel;
    private boolean isReading;
    private boolean hasEnded;

    Http3ClientStream(Http3ClientConnection connection, QuicStreamChannel channel, RequestHead head) {
        super(connection.loop, head, HttpVersion.HTTP_3, () -> new DefaultHttp3Headers(false, AnswerFields.SIZE));
        this.connection = connection;
        this.channel = channel;
    }

    /** What has come of the stream is being read, until {@link #readComplete}. */
    void readBegins() {
        isReading = true;
    }

    @Override
    void readComplete() {
        super.readComplete();
        isReading = false;
    }

    // ---- the wire

    @Override
    void consumed(int octets) {
        // reading has opened the window already
    }

    @Override
    ChannelFuture send(Http3Headers section, boolean isEnd) {
        ChannelFuture written = channel.write(new DefaultHttp3HeadersFrame(section));
        return isEnd ? end() : written;
    }

    @Override
    ChannelFuture send(ByteBuf piece, boolean isEnd) {
        if (!piece.isReadable()) {
            piece.release();
            return isEnd ? end() : channel.newSucceededFuture();
        }
        // its octets from their first on: Netty does not look where reading begins
        ChannelFuture written = channel.write(new DefaultHttp3DataFrame(piece.slice()));
        return isEnd ? end() : written;
    }

    private ChannelFuture end() {
        hasEnded = true;
        return Http3StreamOutput.end(channel);
    }

    @Override
    void breakOff(Fault why) {
        if (!channel.isOpen()) {
            return;
        }
        int code = code(why);
        if (why == Fault.UNWANTED && hasEnded) {
            channel.shutdownInput(code);
        } else {
            connection.countBroken();
            channel.shutdown(code);
        }
        channel.close();
    }

    static int code(Fault why) {
        Http3ErrorCode error = switch (why) {
            case UNWANTED -> Http3ErrorCode.H3_NO_ERROR;
            case CANCELLED -> Http3ErrorCode.H3_REQUEST_CANCELLED;
            case INTERNAL -> Http3ErrorCode.H3_INTERNAL_ERROR;
            case MALFORMED -> Http3ErrorCode.H3_MESSAGE_ERROR;
        };
        return error.code();
    }

    @Override
    void flushOutput() {
        channel.flush();
    }

    @Override
    void touched() {
        // the stream's own channel tells the end of what is being read
    }

    @Override
    void tellTouched() {
        super.readComplete();
    }

    @Override
    boolean takesInterim() {
        return channel.isWritable();
    }

    @Override
    int windowBytes() {
        return connection.loop.config().http3().streamWindowBytes();
    }

    // ---- the port

    @Override
    public ClientConnection connection() {
        return connection;
    }

    @Override
    public void resumeBody() {
        super.resumeBody();
        channel.config().setAutoRead(true);
    }

    @Override
    public void pauseBody() {
        super.pauseBody();
        channel.config().setAutoRead(false);
    }

    @Override
    public void endAnswer(@Nullable Fields behind) {
        super.endAnswer(behind);
        channel.config().setAutoRead(true); // what is left of the request is dropped
    }

    @Override
    public boolean isReading() {
        return isReading;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }
}
