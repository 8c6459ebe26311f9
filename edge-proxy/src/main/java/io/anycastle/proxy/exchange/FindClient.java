package io.anycastle.proxy.exchange;

import java.util.List;
import java.util.Locale;

/** Finds whose request this is, and how its client spoke to the first of those that it came through. */
final class FindClient implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        var trusted = exchange.surroundings().config().trustedProxies();
        if (!trusted.isEmpty()) {
            var forwardedFor = exchange.request().headers().getAll("X-Forwarded-For");
            exchange.client(ClientAddress.of(exchange.peer(), forwardedFor, trusted));
            if (ClientAddress.isTrusted(exchange.peer(), trusted)) {
                scheme(exchange, exchange.request().headers().getAll("X-Forwarded-Proto"));
            }
        }
        return Verdict.NEXT;
    }

    private static void scheme(Exchange exchange, List<String> said) {
        String scheme = said.size() == 1 ? said.getFirst().strip().toLowerCase(Locale.ROOT) : "";
        if (scheme.equals("http") || scheme.equals("https")) {
            exchange.scheme(scheme);
        }
    }
}
