package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import java.util.List;
import java.util.Locale;

/** Finds whose request this is, and how its client spoke to the first of those that it came through. */
final class FindClient implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        var trusted = exchange.surroundings().config().trustedProxies();
        if (!trusted.isEmpty()) {
            var forwardedFor = exchange.fields().values(FieldName.X_FORWARDED_FOR);
            exchange.client(ClientAddress.of(exchange.peer(), forwardedFor, trusted));
            if (ClientAddress.isTrusted(exchange.peer(), trusted)) {
                scheme(exchange, exchange.fields().values(FieldName.X_FORWARDED_PROTO));
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
