package io.anycastle.proxy.exchange;

import io.anycastle.core.model.Cidr;
import io.anycastle.proxy.TrustedPeers;
import io.anycastle.proxy.TrustedPeers.ClientField;
import io.anycastle.proxy.message.FieldName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Finds whose request this is, and how its client spoke to the first of those that it came through. */
final class FindClient implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        TrustedPeers trusted = exchange.surroundings().config().trusted();
        if (ClientAddress.isTrusted(exchange.peer(), trusted.proxies())) {
            if (trusted.field() == ClientField.FORWARDED) {
                forwarded(exchange, trusted.proxies());
            } else {
                forwardedFor(exchange, trusted.proxies());
            }
        }
        return Verdict.NEXT;
    }

    private static void forwardedFor(Exchange exchange, List<Cidr> trusted) {
        List<String> hops = exchange.fields().values(FieldName.X_FORWARDED_FOR).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .filter(hop -> !hop.isEmpty())
                .toList();
        exchange.client(ClientAddress.of(exchange.peer(), hops, trusted));
        List<String> said = exchange.fields().values(FieldName.X_FORWARDED_PROTO);
        scheme(exchange, said.size() == 1 ? said.getFirst().strip().toLowerCase(Locale.ROOT) : "");
    }

    /** The scheme is what the first of those says that are believed: by whom the client came in. */
    private static void forwarded(Exchange exchange, List<Cidr> trusted) {
        List<ForwardedHop> hops = ForwardedHop.parse(exchange.fields().values(FieldName.FORWARDED));
        List<String> clients = hops.stream().map(ForwardedHop::client).toList();
        exchange.client(ClientAddress.of(exchange.peer(), clients, trusted));
        int believed = ClientAddress.believed(exchange.peer(), clients, trusted);
        if (believed > 0) {
            scheme(exchange, hops.get(hops.size() - believed).scheme());
        }
    }

    private static void scheme(Exchange exchange, String scheme) {
        if (scheme.equals("http") || scheme.equals("https")) {
            exchange.scheme(scheme);
        }
    }
}
