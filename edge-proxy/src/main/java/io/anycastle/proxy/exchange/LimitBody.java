package io.anycastle.proxy.exchange;

import io.anycastle.proxy.reply.EdgeError;

/** Refuses a body that says it is too long before any of it is read, or asked for; one that does not say is watched as it comes. */
final class LimitBody implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        long max = exchange.surroundings().config().bodies().bytesMax();
        return exchange.stream().bodyLength() > max ? Verdict.refuse(EdgeError.BODY_TOO_LARGE) : Verdict.NEXT;
    }
}
