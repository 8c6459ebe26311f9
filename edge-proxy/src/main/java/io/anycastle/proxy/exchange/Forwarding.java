package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.DeadlineHolder;
import io.anycastle.proxy.origin.InterimResponse;
import io.anycastle.proxy.origin.OriginClient;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginFailure;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the origin and passes its answer on, streaming both ways. Framing is never passed on: each message is parsed and framed anew.
 * Until something of the request's body has left or an answer has begun, a failed attempt may be made again; after the answer has begun,
 * a failure ends the client's connection, so that a cut answer never looks whole.
 */
final class Forwarding implements DeadlineHolder {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final OriginConfig origins;
    private final ClientLimits clients;
    private final boolean isUpgrade;
    private int attempt;
    private boolean isRetried;
    private boolean mayContinue;
    private long waitsSince = System.nanoTime();
    private @Nullable HttpClientRequest asked;
    private boolean isKept;
    private boolean isSent;
    private @Nullable Pump upload;
    private @Nullable Pump download;
    private boolean isAnswered;
    private boolean isLast;
    private boolean isOver;

    Forwarding(Exchange exchange) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.origins = exchange.surroundings().config().origins();
        this.clients = exchange.surroundings().config().clients();
        this.isUpgrade = Tunnel.isAskedFor(exchange);
        this.mayContinue = !exchange.isHttp10()
                && FieldNames.listsElement(request.headers().getAll("Expect"), "100-continue");
    }

    void begin() {
        exchange.stage(this);
        request.response().closeHandler(gone -> abort());
        request.exceptionHandler(this::clientFailed);
        if (Login.isOffered(request.headers())) {
            Login.begin(exchange);
        }
        Login.of(exchange.connection()).ifPresent(login -> exchange.targets(login.first(exchange.targets())));
        connect();
    }

    private OriginTarget target() {
        return exchange.targets().get(attempt % exchange.targets().size());
    }

    private void connect() {
        waitsSince = System.nanoTime();
        Future<HttpClientRequest> connecting;
        try {
            connecting = connection();
        } catch (RuntimeException e) {
            connecting = Future.failedFuture(e);
        }
        connecting.onComplete(this::connected, this::connectFailed);
    }

    private Future<HttpClientRequest> connection() {
        RequestOptions line = new RequestOptions().setMethod(request.method()).setURI(exchange.uri());
        OriginClient client = exchange.surroundings().client();
        Optional<Login> login = Login.of(exchange.connection());
        if (login.isPresent()) {
            return login.get().request(client, target(), line);
        }
        return isRetried ? client.requestAlone(target(), line) : client.request(target(), line);
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
        isSent = false;
        isKept = OriginClient.isKept(originRequest);
        waitsSince = System.nanoTime();
        OriginClient.onInterim(originRequest, this::interim);
        originRequest
                .response()
                .onComplete(answer -> answered(originRequest, answer), failure -> answerFailed(originRequest));
        if (isKept && !mayBeSentTwice()) {
            OriginClient.afterLook(originRequest, () -> send(originRequest));
        } else {
            send(originRequest);
        }
    }

    private boolean mayBeSentTwice() {
        return !exchange.hasBody() && IDEMPOTENT.contains(request.method());
    }

    private void send(HttpClientRequest originRequest) {
        if (isOver || !originRequest.equals(asked)) {
            return;
        }
        isSent = true;
        exchange.counters().count(Event.ORIGIN_REQUESTS);
        OriginHead.write(exchange, originRequest.headers());
        if (isUpgrade) {
            Tunnel.ask(originRequest.headers());
            originRequest.connect();
        } else if (exchange.hasBody()) {
            upload(originRequest);
        } else {
            originRequest.end();
        }
    }

    private void upload(HttpClientRequest originRequest) {
        if (!originRequest.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            originRequest.setChunked(true);
        }
        Pump pump = new Pump(request, originRequest);
        upload = pump;
        pump.run(() -> {
            waitsSince = System.nanoTime();
            originRequest.end();
        });
        // with what is there of the body if there is anything, and alone if not
        exchange.connection().later(() -> {
            if (!isOver && originRequest.equals(asked) && !pump.hasMoved() && !pump.isEnded()) {
                originRequest.writeHead();
            }
        });
    }

    /** Passes on what the client may know already; a 100 only to whom waits for it. */
    private void interim(InterimResponse interim) {
        if (isOver || isAnswered || exchange.isHttp10()) {
            return;
        }
        if (interim.status() == 100) {
            if (!mayContinue) {
                return;
            }
            mayContinue = false;
            waitsSince = System.nanoTime();
        }
        exchange.connection().send(interim.status(), interim.reason(), ResponseHeaders.interim(interim));
    }

    private void answerFailed(HttpClientRequest originRequest) {
        if (isOver || !originRequest.equals(asked)) {
            return;
        }
        if (canAskAgain()) {
            isRetried = true;
            asked = null;
            upload = null;
            if (exchange.hasBody()) {
                request.pause();
            }
            exchange.counters().count(Event.ORIGIN_RETRIES);
            connect();
        } else {
            refuse(EdgeError.ORIGIN_UNEXPECTED);
        }
    }

    /**
     * A kept connection may have been closed by the origin just when it was used: the origin has not seen the request then, or not enough
     * of it to do anything.
     */
    private boolean canAskAgain() {
        boolean isUntouched = upload != null && !upload.hasMoved() && !upload.isEnded();
        return !isRetried && !isAnswered && isKept && (!isSent || isUntouched || mayBeSentTwice());
    }

    private void answered(HttpClientRequest originRequest, HttpClientResponse answer) {
        answer.exceptionHandler(this::cut);
        if (isOver || !originRequest.equals(asked)) {
            return;
        }
        waitsSince = System.nanoTime();
        if (answer.statusCode() == 101 && isUpgrade) {
            isOver = true;
            Tunnel.open(exchange, originRequest, answer);
            return;
        }
        if (answer.statusCode() < 200) {
            refuse(EdgeError.ORIGIN_UNEXPECTED);
            return;
        }
        isAnswered = true;
        followLogin(originRequest, answer);
        pass(originRequest, answer);
    }

    private void followLogin(HttpClientRequest originRequest, HttpClientResponse answer) {
        if (Login.of(exchange.connection()).isPresent()) {
            if (!OriginClient.staysOpen(answer)) {
                exchange.connection().endSoon();
            }
        } else if (Login.isAsked(answer.headers())) {
            Login.begin(exchange);
            OriginClient.useLast(originRequest, answer);
        }
    }

    private void pass(HttpClientRequest originRequest, HttpClientResponse answer) {
        HttpServerResponse response = request.response();
        response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
        ResponseHeaders.write(answer.headers(), response.headers(), exchange.ray());
        var config = exchange.surroundings().config();
        if (config.via().inAnswers()) {
            Hops.addVia(response.headers(), OriginClient.version(originRequest), config.loopToken());
        }
        isLast = exchange.connection().isEnding() || isUnread();
        if (isLast || exchange.isHttp10()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (hasNoBody(answer.statusCode())) {
            passEmpty(answer, response);
        } else {
            passBody(answer, response);
        }
    }

    /** No framing but what the origin says of an answer that it does not send. */
    private void passEmpty(HttpClientResponse answer, HttpServerResponse response) {
        boolean saysLength = answer.statusCode() != 204 && response.headers().contains(HttpHeaders.CONTENT_LENGTH);
        response.headersEndHandler(written -> {
            if (!saysLength) {
                response.headers().remove(HttpHeaders.CONTENT_LENGTH); // Vert.x knows the length of nothing
            }
        });
        answer.endHandler(end -> finish());
        answer.resume();
    }

    private void passBody(HttpClientResponse answer, HttpServerResponse response) {
        if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        download = new Pump(answer, response);
        download.run(this::finish);
        // with what is there of the body if there is anything, and alone if not
        exchange.connection().later(() -> {
            if (!isOver && !response.headWritten()) {
                response.write(Buffer.buffer());
            }
        });
    }

    private boolean hasNoBody(int status) {
        return exchange.isHead() || status == 204 || status == 304;
    }

    private boolean isUnread() {
        return exchange.hasBody() && !request.isEnded();
    }

    /** The answer has come whole; what the client has not sent yet of its request, nobody wants any more. */
    private void finish() {
        if (isOver) {
            return;
        }
        isOver = true;
        boolean isUnread = isUnread();
        if ((isUnread || isUpgrade) && asked != null) {
            OriginClient.abandon(asked);
        }
        exchange.stage(new Flushing(exchange));
        Future<Void> sent = request.response().end();
        if (isUnread) {
            Linger.begin(exchange, sent);
        } else {
            sent.onComplete(done -> {
                exchange.end();
                if (isLast) {
                    request.connection().close();
                }
            });
        }
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
            expireAnswer(download, nowNanos);
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

    private void expireAnswer(Pump answer, long nowNanos) {
        Duration limit = answer.isBlocked() ? clients.write() : origins.silenceTimeout();
        long moved = upload == null ? answer.movedNanos() : Math.max(answer.movedNanos(), upload.movedNanos());
        if (nowNanos - moved > limit.toNanos()) {
            cut(new IllegalStateException("deadline"));
        }
    }

    /** Whoever owes the next octet has its own deadline: the client its body, then the origin its answer. */
    private void expireAsking(long nowNanos) {
        if (upload == null || upload.isEnded()) {
            if (nowNanos - waitsSince > origins.readTimeout().toNanos()) {
                refuse(EdgeError.ORIGIN_READ_TIMEOUT);
            }
            return;
        }
        long quiet = nowNanos - upload.movedNanos();
        if (upload.isBlocked() && quiet > origins.writeTimeout().toNanos()) {
            refuse(EdgeError.ORIGIN_READ_TIMEOUT);
        } else if (!upload.isBlocked() && quiet > clients.body().toNanos()) {
            refuse(EdgeError.REQUEST_TIMEOUT);
        }
    }
}
