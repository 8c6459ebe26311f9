package io.anycastle.proxy.health;

import io.anycastle.core.model.DurationText;
import io.anycastle.core.model.HealthCheck;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.origin.OriginTls;
import io.anycastle.proxy.origin.TlsPeer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tries by Vert.x's clients. Each try has a client of its own, so that its connection ends with it, whatever the origin does. Any thread,
 * but no event loop: a client's TLS is made by whoever makes the client.
 */
final class WebClientProber implements Prober {
    private static final String USER_AGENT = "anycastle-health-check";
    private static final int REASON_CHARS_MAX = 200;
    private static final int PLAIN_PORT = 80;
    private static final int TLS_PORT = 443;

    /** The PROXY protocol's header, version 2, of a connection that is no client's. */
    private static final byte[] OWN_CONNECTION = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x20, 0x00, 0x00, 0x00
    };

    private final Vertx vertx;
    private final OriginTls tls;
    private final int bodyMax;

    WebClientProber(Vertx vertx, OriginTls tls, int bodyMax) {
        this.vertx = vertx;
        this.tls = tls;
        this.bodyMax = bodyMax;
    }

    @Override
    public CompletionStage<Result> probe(HealthProbe probe) {
        Future<Result> tried;
        try {
            tried = probe.check().type().isHttp() ? request(probe) : connect(probe);
        } catch (SSLException | RuntimeException e) {
            tried = Future.failedFuture(e);
        }
        return tried.otherwise(failure -> Result.down(reason(failure, probe))).toCompletionStage();
    }

    private Future<Result> connect(HealthProbe probe) {
        NetClient client = netClient(probe);
        return client.connect(server(probe.target()))
                .compose(socket -> probe.target().sendsProxyHeader()
                        ? socket.write(Buffer.buffer(OWN_CONNECTION))
                        : Future.succeededFuture())
                .timeout(probe.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .map(Result.UP)
                .eventually(client::close);
    }

    private NetClient netClient(HealthProbe probe) {
        return vertx.createNetClient(
                new NetClientOptions().setConnectTimeout((int) probe.timeout().toMillis()));
    }

    private Future<Result> request(HealthProbe probe) throws SSLException {
        return probe.target().sendsProxyHeader() ? requestBehindHeader(probe) : request(probe, server(probe.target()));
    }

    /** Vert.x's client sends nothing ahead of TLS or HTTP, so it goes by way of this node, where the header comes in. */
    private Future<Result> requestBehindHeader(HealthProbe probe) {
        NetClient onward = netClient(probe);
        NetServer relay = vertx.createNetServer();
        return onward.connect(server(probe.target()))
                .compose(to -> {
                    to.pause();
                    to.write(Buffer.buffer(OWN_CONNECTION));
                    return relay.connectHandler(from -> {
                                pass(from, to);
                                pass(to, from);
                            })
                            .listen(0, "127.0.0.1");
                })
                .compose(listening -> {
                    try {
                        return request(probe, SocketAddress.inetSocketAddress(listening.actualPort(), "127.0.0.1"));
                    } catch (SSLException e) {
                        return Future.failedFuture(e);
                    }
                })
                .timeout(probe.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .eventually(relay::close)
                .eventually(onward::close);
    }

    private static void pass(NetSocket from, NetSocket to) {
        from.handler(data -> {
            to.write(data);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(room -> from.resume());
            }
        });
        from.exceptionHandler(failure -> {}); // told by whoever waits for the answer
        from.closeHandler(closed -> to.close());
        from.resume();
    }

    private Future<Result> request(HealthProbe probe, SocketAddress server) throws SSLException {
        HealthCheck check = probe.check();
        OriginTarget target = probe.target();
        WebClient client = WebClient.create(
                vertx, options(probe), new PoolOptions().setHttp1MaxSize(1).setHttp2MaxSize(1));
        Promise<Result> decided = Promise.promise();
        BoundedBody body = new BoundedBody(
                bodyMax, () -> decided.tryComplete(Result.down("an answer longer than " + bodyMax + " octets")));
        HostAndPort host = HostAndPort.parseAuthority(probe.host(), -1);
        RequestOptions to = new RequestOptions()
                .setMethod(HttpMethod.valueOf(check.method()))
                .setServer(server)
                .setHost(target.peer().map(TlsPeer::name).orElse(host.host()))
                .setPort(host.port() < 0 ? defaultPort(target) : host.port()) // that of Host, not of the socket
                .setSsl(target.scheme().isTls())
                .setURI(check.path());
        client.request(to)
                .virtualHost(host.host())
                .putHeader("user-agent", USER_AGENT)
                .as(BodyCodec.pipe(body))
                .send()
                .timeout(probe.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(answer -> {
                    if (answer.succeeded()) {
                        decided.tryComplete(judge(check, answer.result(), body));
                    } else {
                        decided.tryFail(answer.cause());
                    }
                });
        return decided.future().onComplete(over -> client.close());
    }

    private WebClientOptions options(HealthProbe probe) throws SSLException {
        WebClientOptions options = new WebClientOptions()
                .setUserAgentEnabled(false)
                .setFollowRedirects(false)
                .setKeepAlive(false)
                .setConnectTimeout((int) probe.timeout().toMillis())
                .setVerifyHost(false); // whoever checks the certificate checks its name
        if (probe.check().type() == HealthCheck.Type.H2C) {
            options.setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        }
        if (probe.target().peer().isPresent()) {
            var peer = probe.target().peer().get();
            options.setSsl(true).setForceSni(true).setTrustOptions(TrustOptions.wrap(tls.trust(peer)));
            tls.identity(peer).ifPresent(options::setKeyCertOptions);
        }
        return options;
    }

    private static SocketAddress server(OriginTarget target) {
        return SocketAddress.inetSocketAddress(target.port(), target.address().getHostAddress());
    }

    private static int defaultPort(OriginTarget target) {
        return target.scheme().isTls() ? TLS_PORT : PLAIN_PORT;
    }

    private static Result judge(HealthCheck check, HttpResponse<Void> answer, BoundedBody body) {
        if (!check.codes().contains(answer.statusCode())) {
            return Result.down("status " + answer.statusCode() + ", expected "
                    + check.codes().text());
        }
        boolean isThere = check.body().isEmpty() || body.text().contains(check.body());
        return isThere ? Result.UP : Result.down("the expected text is not in the answer");
    }

    private static String reason(Throwable failure, HealthProbe probe) {
        if (failure instanceof TimeoutException) {
            return "no whole answer within " + DurationText.of(probe.timeout());
        }
        Throwable cause = failure;
        while (cause instanceof SSLException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = String.valueOf(cause.getMessage());
        boolean isSaid = !said.startsWith("null"); // Netty adds the address to what the system did not say
        String message = isSaid ? said : "no way there (" + cause.getClass().getSimpleName() + ")";
        String line = message.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > REASON_CHARS_MAX ? line.substring(0, REASON_CHARS_MAX) : line;
    }

    /** The part of an answer's body that is looked at. */
    static final class BoundedBody implements WriteStream<Buffer> {
        private final Buffer held = Buffer.buffer();
        private final int max;
        private final Runnable tooLong;

        BoundedBody(int max, Runnable tooLong) {
            this.max = max;
            this.tooLong = tooLong;
        }

        String text() {
            return held.toString(StandardCharsets.UTF_8);
        }

        @Override
        public Future<Void> write(Buffer data) {
            if (held.length() + data.length() > max) {
                tooLong.run();
            } else {
                held.appendBuffer(data);
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end() {
            return Future.succeededFuture();
        }

        @Override
        public BoundedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public BoundedBody setWriteQueueMaxSize(int size) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public BoundedBody drainHandler(@Nullable Handler<Void> handler) {
            return this;
        }
    }
}
