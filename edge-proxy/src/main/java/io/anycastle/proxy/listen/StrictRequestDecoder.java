package io.anycastle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;

/**
 * The request decoder of Vert.x behind a {@link HeadScanner}: only heads that every server reads alike get through, so what is
 * forwarded cannot be framed in two ways.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    private final HeadScanner scanner;
    private final ClientConnection connection;
    private boolean inHead = true;
    private boolean isBroken;
    private int scannedAhead;

    StrictRequestDecoder(Http1ServerConfig config, HeadLimits limits, ClientConnection connection) {
        super(config);
        this.scanner = new HeadScanner(limits);
        this.connection = connection;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (isBroken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (inHead && !scan(in, out)) {
            return;
        }
        int before = in.readerIndex();
        int outBefore = out.size();
        super.decode(ctx, in, out);
        if (inHead) {
            scannedAhead -= in.readerIndex() - before;
        }
        for (int i = outBefore; i < out.size(); i++) {
            follow(out.get(i));
        }
    }

    private boolean scan(ByteBuf in, List<Object> out) {
        if (scanner.isDone()) {
            return true;
        }
        scannedAhead += scanner.scan(in, in.readerIndex() + scannedAhead, in.writerIndex());
        if (scanner.isBegun()) {
            connection.headBegins();
        }
        if (scanner.fault().isEmpty()) {
            return true;
        }
        isBroken = true;
        in.skipBytes(in.readableBytes());
        var refused = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        refused.setDecoderResult(
                DecoderResult.failure(new InvalidHeadException(scanner.fault().get())));
        out.add(refused);
        return false;
    }

    private void follow(Object message) {
        if (message instanceof HttpRequest request) {
            inHead = false;
            scannedAhead = 0;
            connection.headEnds();
            if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
                // An answer of unknown length ends with the connection there, so no second request may follow.
                request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            } else if (saysClose(request.headers().getAll(HttpHeaderNames.CONNECTION))) {
                // On a line of its own, for Vert.x compares whole lines.
                request.headers().add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent) {
            inHead = true;
            scanner.reset();
        }
    }

    private static boolean saysClose(List<String> lines) {
        for (String line : lines) {
            for (String option : line.split(",", -1)) {
                if (option.strip().equalsIgnoreCase("close")) {
                    return true;
                }
            }
        }
        return false;
    }
}
