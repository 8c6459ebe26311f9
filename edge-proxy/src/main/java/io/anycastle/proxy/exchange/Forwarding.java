package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.Occupant;
import io.anycastle.proxy.origin.OriginClient;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginFailure;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ClientConnection;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the origin and passes its answer on, streaming both ways. Framing is never passed on: each message is parsed and framed anew.
 * Until a byte of the request's body has left or an answer has begun, a failed attempt may be made again; after the answer has begun, a
 * failure ends the client's connection, so that a cut answer never looks whole.
 */
final class Forwarding implements Occupant {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final OriginConfig origins;
    private final ClientLimits clients;
    private final boolean isUpgrade;
    private int attempt;
    private boolean isRetried;
    private boolean awaitsContinue;
    private long waitsSince = System.nanoTime();
    private @Nullable HttpClientRequest asked;
    private @Nullable Pump upload;
    private @Nullable Pump download;
    private boolean isAnswered;
    private boolean isOver;

    Forwarding(Exchange exchange) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.origins = exchange.surroundings().config().origins();
        this.clients = exchange.surroundings().config().clients();
        this.isUpgrade = Tunnel.isAskedFor(exchange);
    }

    void begin() {
        exchange.stage(this);
        request.response().closeHandler(gone -> abort());
        request.exceptionHandler(this::clientFailed);
        connect();
    }

    private OriginTarget target() {
        return exchange.targets().get(attempt % exchange.targets().size());
    }

    private void connect() {
        waitsSince = System.nanoTime();
        exchange.surroundings()
                .client()
                .request(target(), request.method(), exchange.uri())
                .onComplete(this::connected, this::connectFailed);
    }

    private void connectFailed(Throwable failure) {
        if (isOver) {
            return;
        }
        exchange.counters().count(Event.ORIGIN_CONNECT_FAILURES);
        if (++attempt < exchange.targets().size()) {
            exchange.counters().count(Event.ORIGIN_FAILOVERS);
            connect();
        } else {
            refuse(OriginFailure.whileConnecting(failure));
        }
    }

    private void connected(HttpClientRequest originRequest) {
        // Failures are told by the answer's future; without a handler each would be logged as an error too.
        originRequest.exceptionHandler(failure -> {});
        if (isOver) {
            OriginClient.abandon(originRequest);
            return;
        }
        asked = originRequest;
        waitsSince = System.nanoTime();
        exchange.counters().count(Event.ORIGIN_REQUESTS);
        writeHeaders(originRequest);
        originRequest.response().onComplete(this::answered, this::answerFailed);
        if (isUpgrade) {
            OriginClient.maySwitch(originRequest);
            originRequest.connect();
        } else if (exchange.hasBody()) {
            upload(originRequest);
        } else {
            originRequest.end();
        }
    }

    private void writeHeaders(HttpClientRequest originRequest) {
        var config = exchange.surroundings().config();
        String host = exchange.host().orElseThrow() instanceof HostHeader.Named named ? named.field() : "";
        RequestHeaders.write(
                request.headers(),
                originRequest.headers(),
                new RequestHeaders.Facts(
                        host,
                        exchange.peer().getHostAddress(),
                        exchange.client().getHostAddress(),
                        exchange.connection().listener().scheme(),
                        exchange.ray(),
                        config.loopToken()));
        if (isUpgrade) {
            Tunnel.ask(originRequest.headers());
        }
    }

    private void upload(HttpClientRequest originRequest) {
        if (!originRequest.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            originRequest.setChunked(true);
        }
        awaitsContinue = originRequest.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
        originRequest.continueHandler(go -> {
            if (!isOver && !isAnswered) {
                awaitsContinue = false;
                waitsSince = System.nanoTime();
                request.response().writeContinue();
            }
        });
        if (awaitsContinue) {
            originRequest.writeHead();
        }
        upload = new Pump(request, originRequest);
        upload.run(() -> {
            waitsSince = System.nanoTime();
            originRequest.end();
        });
    }

    private void answerFailed(Throwable failure) {
        if (isOver) {
            return;
        }
        if (canAskAgain()) {
            isRetried = true;
            exchange.counters().count(Event.ORIGIN_RETRIES);
            connect();
        } else {
            refuse(EdgeError.ORIGIN_UNEXPECTED);
        }
    }

    /** A kept connection may have been closed by the origin just when it was used: the origin has not seen the request then. */
    private boolean canAskAgain() {
        return !isRetried
                && !exchange.hasBody()
                && IDEMPOTENT.contains(request.method())
                && asked != null
                && asked.connection() instanceof Http1ClientConnection kept
                && kept.lastResponseReceivedTimestamp() > 0;
    }

    private void answered(HttpClientResponse answer) {
        answer.exceptionHandler(this::cut);
        if (isOver) {
            return;
        }
        waitsSince = System.nanoTime();
        if (answer.statusCode() == 101 && isUpgrade) {
            isOver = true;
            Tunnel.open(exchange, answer);
            return;
        }
        if (answer.statusCode() < 200) {
            refuse(EdgeError.ORIGIN_UNEXPECTED);
            return;
        }
        isAnswered = true;
        pass(answer);
    }

    private void pass(HttpClientResponse answer) {
        var response = request.response();
        response.setStatusCode(answer.statusCode());
        ResponseHeaders.write(answer.headers(), response.headers(), exchange.ray());
        if (exchange.connection().isEnding()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (answer.statusCode() == 204) {
            response.headers().remove(HttpHeaders.CONTENT_LENGTH);
        }
        if (hasNoBody(answer.statusCode())) {
            answer.endHandler(end -> finish());
            answer.resume();
            return;
        }
        if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        download = new Pump(answer, response);
        download.run(this::finish);
    }

    private boolean hasNoBody(int status) {
        return exchange.isHead() || status == 204 || status == 304;
    }

    /** The answer has come whole; what the client has not sent yet of its request, nobody wants any more. */
    private void finish() {
        if (isOver) {
            return;
        }
        isOver = true;
        boolean isUnread = exchange.hasBody() && !request.isEnded();
        if ((isUnread || isUpgrade) && asked != null) {
            OriginClient.abandon(asked);
        }
        exchange.stage(new Flushing(exchange));
        request.response().end().onComplete(sent -> {
            exchange.end();
            if (isUnread) {
                request.connection().close();
            }
        });
    }

    private void refuse(EdgeError error) {
        if (isOver) {
            return;
        }
        isOver = true;
        if (asked != null) {
            OriginClient.abandon(asked);
        }
        OwnAnswer.refuse(exchange, error, "");
    }

    /** The answer ends before it is whole. */
    private void cut(Throwable failure) {
        if (isOver) {
            return;
        }
        exchange.counters().count(Event.ANSWERS_TRUNCATED);
        abort();
        exchange.connection().reset();
    }

    private void clientFailed(Throwable failure) {
        boolean isMalformed = failure.getClass().getName().startsWith("io.netty.handler.codec")
                || failure instanceof IllegalArgumentException;
        if (!isOver && !isAnswered && isMalformed) {
            exchange.counters().count(Event.REQUESTS_MALFORMED);
            refuse(EdgeError.BAD_REQUEST);
        } else {
            abort();
        }
    }

    /** The client is gone: the origin need not go on. */
    private void abort() {
        if (!isOver) {
            isOver = true;
            if (asked != null) {
                OriginClient.abandon(asked);
            }
        }
        exchange.end();
    }

    @Override
    public void expire(long nowNanos) {
        if (isOver) {
            return;
        }
        if (asked == null) {
            expireConnecting(nowNanos);
        } else if (download != null) {
            Duration limit = download.isBlocked() ? clients.write() : origins.silenceTimeout();
            if (nowNanos - download.movedNanos() > limit.toNanos()) {
                cut(new IllegalStateException("deadline"));
            }
        } else {
            expireAsking(nowNanos);
        }
    }

    /** Connecting has its own deadlines; what lasts longer waits for a connection to become free. */
    private void expireConnecting(long nowNanos) {
        Duration limit = origins.connectTimeout().plus(origins.handshakeTimeout());
        if (nowNanos - waitsSince > 2 * limit.toNanos()) {
            refuse(EdgeError.TOO_BUSY);
        }
    }

    private void expireAsking(long nowNanos) {
        boolean isUploading = upload != null && !upload.isEnded() && !awaitsContinue;
        if (isUploading && upload != null) {
            long quiet = nowNanos - upload.movedNanos();
            if (upload.isBlocked() && quiet > origins.writeTimeout().toNanos()) {
                refuse(EdgeError.ORIGIN_READ_TIMEOUT);
            } else if (!upload.isBlocked() && quiet > clients.body().toNanos()) {
                refuse(EdgeError.REQUEST_TIMEOUT);
            }
        } else if (nowNanos - waitsSince > origins.readTimeout().toNanos()) {
            refuse(EdgeError.ORIGIN_READ_TIMEOUT);
        }
    }
}
