package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.SocketAbort;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.http.impl.http1.Http1ClientConnection;
import io.vertx.core.net.AddressResolver;
import io.vertx.core.net.TrustOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The connections of one event loop to all origins: those that requests share, and those that belong to one visitor alone. */
public final class OriginClient {
    private static final int STATUS_LINE_BYTES_MAX = 16 * 1024;

    /** Vert.x's names for its own handlers. */
    private static final String CODEC = "codec";

    private static final String LAST = "handler";

    private final HttpClientAgent client;
    private final OriginConfig config;
    private int alone;

    public OriginClient(Vertx vertx, OriginConfig config) {
        this.config = config;
        boolean isChecked = config.tls() == TlsMode.STRICT;
        HttpClientOptions options = new HttpClientOptions()
                .setSslEngineOptions(new OriginTls(isChecked))
                .setTrustAll(!isChecked)
                .setVerifyHost(false) // OriginTls and OriginTrust do
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setSslHandshakeTimeout(config.handshakeTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout((int) Math.max(1, config.keepAlive().toSeconds()));
        if (isChecked) {
            options.setTrustOptions(TrustOptions.wrap(OriginTrust.system()));
        }
        PoolOptions pool =
                new PoolOptions().setHttp1MaxSize(config.connectionsMax()).setMaxWaitQueueSize(config.queueMax());
        client = vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(this::made)
                .withAddressResolver(AddressResolver.<OriginTarget>mappingResolver(target -> List.of(target.socket())))
                .build();
    }

    /** What goes wrong on a connection is told to the request that uses it; an unused one may end as it likes. */
    private void made(HttpConnection connection) {
        connection.exceptionHandler(failure -> {});
        http1(connection).ifPresent(http1 -> {
            var pipeline = http1.channel().pipeline();
            pipeline.replace(
                    CODEC, CODEC, new OriginCodec(new AnswerDecoder(STATUS_LINE_BYTES_MAX, config.headerBytesMax())));
            DeferredClose.follow(pipeline, LAST);
        });
    }

    private static Optional<Http1ClientConnection> http1(HttpConnection connection) {
        return switch (connection) {
            case Http1ClientConnection http1 -> Optional.of(http1);
            case UnpooledHttpClientConnection alone
            when alone.unwrap() instanceof Http1ClientConnection http1 -> Optional.of(http1);
            default -> Optional.empty();
        };
    }

    /** A request on a connection to the target that others may have used and others will use, new or kept. */
    public Future<HttpClientRequest> request(OriginTarget target, RequestOptions line) {
        return client.request(address(target, line));
    }

    /**
     * A connection that no other request gets, within the same limit as the shared ones; its owner closes it.
     *
     * @return fails as {@link #request} does
     */
    public Future<HttpClientConnection> connectAlone(OriginTarget target) {
        if (alone >= config.connectionsMax()) {
            return Future.failedFuture(new ConnectionPoolTooBusyException("too many connections of their own"));
        }
        alone++;
        Future<HttpClientConnection> connecting;
        try {
            connecting = client.connect(new HttpConnectOptions()
                    .setServer(target.socket())
                    .setHost(target.serverName())
                    .setPort(target.port())
                    .setSsl(target.tls()));
        } catch (RuntimeException e) {
            connecting = Future.failedFuture(e);
        }
        return connecting.onFailure(failure -> alone--).onSuccess(connection -> {
            made(connection);
            channel(connection).ifPresent(c -> c.closeFuture().addListener(closed -> alone--));
        });
    }

    /** A request on a connection that is new and used for it alone. */
    public Future<HttpClientRequest> requestAlone(OriginTarget target, RequestOptions line) {
        return connectAlone(target)
                .compose(connection -> connection.request(line))
                .onSuccess(OriginClient::useLast);
    }

    private static RequestOptions address(OriginTarget target, RequestOptions line) {
        return line.setServer(target)
                .setHost(target.serverName())
                .setPort(target.port())
                .setSsl(target.tls());
    }

    /** The channel below a request; empty when it is none of ours. */
    public static Optional<Channel> channel(HttpConnection connection) {
        return http1(connection).map(Http1ClientConnection::channel);
    }

    private static Optional<AnswerDecoder> answers(HttpClientRequest request) {
        return channel(request.connection())
                .map(channel -> channel.pipeline().get(OriginCodec.class))
                .map(OriginCodec::answers);
    }

    /** Tells the listener of every interim answer to this request. */
    public static void onInterim(HttpClientRequest request, InterimResponse.Listener listener) {
        answers(request).ifPresent(answers -> answers.tell(listener));
    }

    /** Whether the connection has carried a request before, so that its origin may be just closing it. */
    public static boolean isKept(HttpClientRequest request) {
        return http1(request.connection())
                .map(c -> c.lastResponseReceivedTimestamp() > 0)
                .orElse(false);
    }

    /** Runs the action after the event loop has looked once more at all its sockets: an end that came meanwhile is known then. */
    public static void afterLook(HttpClientRequest request, Runnable action) {
        channel(request.connection())
                .ifPresentOrElse(c -> c.eventLoop().schedule(action, 0, TimeUnit.NANOSECONDS), action);
    }

    private static void useLast(HttpClientRequest request) {
        answers(request).ifPresent(AnswerDecoder::isLastAnswer);
    }

    /** The connection ends after this answer, whose head is all that was looked at so far. */
    public static void useLast(HttpClientRequest request, HttpClientResponse answer) {
        useLast(request);
        answer.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE); // should it have come whole already
    }

    /** Whether the origin, by the head of its answer, takes another request on the connection. */
    public static boolean staysOpen(HttpClientResponse answer) {
        return !answer.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
    }

    /** The version that the origin answered in; at the head of its answer. */
    public static String version(HttpClientRequest request) {
        return answers(request).map(AnswerDecoder::version).orElse("1.1");
    }

    /** The channel of a connection whose origin has switched to another protocol: it is no HTTP connection any more. */
    public static Channel switched(HttpClientRequest request) {
        Channel channel = channel(request.connection()).orElseThrow();
        channel.pipeline().remove(DeferredClose.NAME);
        return channel;
    }

    /** Gives a request up, and its connection with it, even when the origin takes nothing more of what is queued for it. */
    public static void abandon(HttpClientRequest request) {
        request.reset();
        channel(request.connection()).ifPresent(SocketAbort::close);
    }

    public Future<Void> close() {
        return client.close();
    }
}
