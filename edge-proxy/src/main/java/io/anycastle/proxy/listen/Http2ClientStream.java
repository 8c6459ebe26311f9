package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/** One request of a connection of HTTP/2 and its answer (RFC 9113 section 8.1). Belongs to the connection's event loop. */
final class Http2ClientStream extends MultiplexedStream<Http2Headers> {
    private final Http2ClientConnection connection;
    private final Http2Stream stream;

    Http2ClientStream(Http2ClientConnection connection, Http2Stream stream, RequestHead head) {
        super(connection.loop, head, HttpVersion.HTTP_2, () -> new DefaultHttp2Headers(false, AnswerFields.SIZE));
        this.connection = connection;
        this.stream = stream;
    }

    @Override
    void consumed(int octets) {
        connection.consumed(stream, octets);
    }

    @Override
    ChannelFuture send(Http2Headers section, boolean isEnd) {
        return connection.write(stream, section, isEnd);
    }

    @Override
    ChannelFuture send(ByteBuf piece, boolean isEnd) {
        return connection.write(stream, piece, isEnd);
    }

    @Override
    void breakOff(Fault why) {
        connection.reset(
                stream,
                switch (why) {
                    case UNWANTED -> Http2Error.NO_ERROR;
                    case CANCELLED -> Http2Error.CANCEL;
                    case INTERNAL -> Http2Error.INTERNAL_ERROR;
                    case MALFORMED -> Http2Error.PROTOCOL_ERROR;
                });
    }

    @Override
    void flushOutput() {
        connection.flush();
    }

    @Override
    void touched() {
        connection.touched(this);
    }

    @Override
    void tellTouched() {
        connection.tellTouched();
    }

    @Override
    boolean takesInterim() {
        return connection.isWritable();
    }

    @Override
    int windowBytes() {
        return connection.loop.config().http2().streamWindowBytes();
    }

    @Override
    public ClientConnection connection() {
        return connection;
    }

    @Override
    public boolean isReading() {
        return connection.isReading();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable(stream);
    }
}
