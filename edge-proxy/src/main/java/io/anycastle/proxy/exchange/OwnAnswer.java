package io.anycastle.proxy.exchange;

import io.anycastle.proxy.listen.DeadlineHolder;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.ErrorFacts;
import io.anycastle.proxy.reply.ErrorPage;
import io.anycastle.proxy.reply.Format;
import io.anycastle.proxy.reply.HttpDate;
import io.anycastle.proxy.reply.Negotiation;
import io.anycastle.proxy.reply.Reply;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;

/** Sends what the edge itself answers, and deals with a request body that nobody will read. */
final class OwnAnswer implements DeadlineHolder {
    private final Exchange exchange;
    private final long beganNanos = System.nanoTime();
    private final boolean isUnread;
    private final boolean isLast;

    private OwnAnswer(Exchange exchange, boolean isLast) {
        this.exchange = exchange;
        this.isUnread = exchange.hasBody() && !exchange.request().isEnded();
        this.isLast = isLast || isUnread || exchange.connection().isEnding();
    }

    static void send(Exchange exchange, Reply reply) {
        MultiMap headers = exchange.response().headers();
        headers.set(HttpHeaders.CONTENT_TYPE, reply.contentType());
        new OwnAnswer(exchange, false).send(reply.status(), reply.body());
    }

    static void refuse(Exchange exchange, EdgeError error, String detail) {
        exchange.counters().countError(error);
        Format format = Negotiation.choose(exchange.request().getHeader(HttpHeaders.ACCEPT));
        String zone = exchange.route().map(r -> r.zone().name().toString()).orElse("");
        String host = exchange.hostName().map(Object::toString).orElse("");
        ErrorFacts facts = new ErrorFacts(error, detail, exchange.ray(), zone, host, Instant.now());
        MultiMap headers = exchange.response().headers().clear();
        headers.set(HttpHeaders.CONTENT_TYPE, format.contentType());
        headers.set("cf-error-type", error.word());
        headers.set("cf-error-origin", error.fault().word());
        if (error.isRetryable()) {
            headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(error.retryAfterSeconds()));
        }
        if (error == EdgeError.METHOD_NOT_ALLOWED) {
            headers.set(HttpHeaders.ALLOW, CountHops.METHODS);
        }
        new OwnAnswer(exchange, error.endsConnection()).send(error.status(), ErrorPage.write(facts, format));
    }

    private void send(int status, String text) {
        Buffer body = Buffer.buffer(text);
        MultiMap headers = exchange.response().headers();
        headers.set(HttpHeaders.CACHE_CONTROL, "private, no-store");
        headers.set(HttpHeaders.DATE, HttpDate.now());
        headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        headers.set(ResponseHeaders.SERVER, ResponseHeaders.ANYCASTLE);
        headers.set(ResponseHeaders.CF_RAY, exchange.ray());
        headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        if (isLast || exchange.isHttp10()) {
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        exchange.response().setStatusCode(status);
        exchange.stage(this);
        var sent = exchange.isHead()
                ? exchange.response().end()
                : exchange.response().end(body);
        if (isUnread) {
            Linger.begin(exchange, sent);
        } else {
            sent.onComplete(done -> finish());
        }
    }

    private void finish() {
        if (isLast) {
            close();
        } else {
            exchange.end();
        }
    }

    private void close() {
        exchange.end();
        exchange.request().connection().close();
    }

    @Override
    public void expire(long nowNanos) {
        if (nowNanos - beganNanos
                > exchange.surroundings().config().clients().write().toNanos()) {
            exchange.end();
            exchange.connection().close();
        }
    }
}
