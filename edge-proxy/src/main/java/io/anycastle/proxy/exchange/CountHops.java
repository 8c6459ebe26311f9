package io.anycastle.proxy.exchange;

import io.anycastle.proxy.reply.Reply;
import io.vertx.core.http.HttpHeaders;

/** Answers an OPTIONS request that is to go no further than here (RFC 9110 section 7.6.2). */
final class CountHops implements Step {
    /** What the edge forwards. */
    static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    @Override
    public Verdict take(Exchange exchange) {
        var request = exchange.request();
        if (Hops.left(request.method(), request.headers()).orElse(1) > 0) {
            return Verdict.NEXT;
        }
        exchange.response().headers().set(HttpHeaders.ALLOW, METHODS);
        return new Verdict.Answer(new Reply(200, "text/plain; charset=utf-8", ""));
    }
}
