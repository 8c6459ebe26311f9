package io.anycastle.proxy.exchange;

import io.anycastle.proxy.reply.Reply;

/** Answers an OPTIONS request that is to go no further than here (RFC 9110 section 7.6.2). */
final class CountHops implements Step {
    /** What the edge forwards. */
    static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    @Override
    public Verdict take(Exchange exchange) {
        if (Hops.left(exchange.request()) > 0) {
            return Verdict.NEXT;
        }
        return new Verdict.Answer(Reply.allowing(METHODS));
    }
}
