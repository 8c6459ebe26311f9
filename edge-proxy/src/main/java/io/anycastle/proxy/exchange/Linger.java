package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.DeadlineHolder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * Takes and drops what a client still sends of a request that is answered already, and ends the connection then: who closes on octets that
 * nobody has read resets the connection, and the client may lose the answer by that (RFC 9112 section 9.6).
 */
final class Linger implements DeadlineHolder {
    private final Exchange exchange;
    private long sinceNanos = System.nanoTime();
    private boolean isSent;
    private boolean isRead;

    private Linger(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * @param answer completes when the last octet of the answer is written
     */
    static void begin(Exchange exchange, Future<Void> answer) {
        Linger linger = new Linger(exchange);
        exchange.stage(linger);
        HttpServerRequest request = exchange.request();
        request.exceptionHandler(failure -> exchange.end());
        request.handler(dropped -> {});
        request.endHandler(end -> linger.read());
        request.resume();
        answer.onComplete(sent -> linger.sent());
    }

    private void read() {
        isRead = true;
        closeWhenDone();
    }

    private void sent() {
        isSent = true;
        sinceNanos = System.nanoTime();
        if (!exchange.connection().listener().isTls()) {
            exchange.connection().endOutput(); // in TLS that ends both directions (RFC 5246 section 7.2.1)
        }
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (isSent && isRead) {
            exchange.end();
            exchange.request().connection().close();
        }
    }

    @Override
    public void expire(long nowNanos) {
        var clients = exchange.surroundings().config().clients();
        if (isSent && nowNanos - sinceNanos > clients.linger().toNanos()) {
            exchange.end();
            exchange.connection().close();
        } else if (!isSent && nowNanos - sinceNanos > clients.write().toNanos()) {
            exchange.counters().count(Event.ANSWERS_TRUNCATED);
            exchange.end();
            exchange.connection().reset();
        }
    }
}
