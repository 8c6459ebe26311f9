package io.anycastle.proxy.exchange;

/** Finds whose request this is. */
final class FindClient implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        var trusted = exchange.surroundings().config().trustedProxies();
        if (!trusted.isEmpty()) {
            var forwardedFor = exchange.request().headers().getAll("X-Forwarded-For");
            exchange.client(ClientAddress.of(exchange.peer(), forwardedFor, trusted));
        }
        return Verdict.NEXT;
    }
}
