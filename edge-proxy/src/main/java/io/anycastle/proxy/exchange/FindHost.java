package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.view.HostRoute;
import io.anycastle.core.view.HostTable.Lookup;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.Reply;
import io.anycastle.proxy.reply.UnknownHost;

/** Finds the site: one lookup, by the Host header, for every request. */
final class FindHost implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        HostHeader host = exchange.host().orElse(HostHeader.Invalid.NONE);
        return switch (host) {
            case HostHeader.Address address -> nobodys(exchange, EdgeError.BARE_ADDRESS);
            case HostHeader.Invalid invalid -> nobodys(exchange, EdgeError.UNKNOWN_HOST);
            case HostHeader.Named named -> find(exchange, named.name());
        };
    }

    private static Verdict find(Exchange exchange, DomainName name) {
        KnownHost known = lookup(exchange, name);
        exchange.known(known);
        return switch (known.lookup()) {
            case Lookup.Routed routed -> found(exchange, routed.route());
            case Lookup.UnknownHost unknown -> nobodys(exchange, EdgeError.UNKNOWN_HOST);
            case Lookup.NotProxied dnsOnly -> new Verdict.Refuse(EdgeError.NOT_PROXIED, "Its records are DNS only.");
            case Lookup.ZoneNotProxying zone ->
                new Verdict.Refuse(EdgeError.NOT_PROXIED, "Its zone is not active, or paused.");
            case Lookup.Delegated delegated ->
                new Verdict.Refuse(EdgeError.NOT_PROXIED, "It is delegated to other name servers.");
        };
    }

    /** A host that nobody has is answered as the operator likes, and counted as the error that it is. */
    private static Verdict nobodys(Exchange exchange, EdgeError error) {
        UnknownHost answer = exchange.surroundings().config().reply().unknownHost();
        if (answer instanceof UnknownHost.Page) {
            return Verdict.refuse(error);
        }
        exchange.counters().countError(error);
        exchange.failsWith(error);
        return switch (answer) {
            case UnknownHost.Page page -> Verdict.refuse(error);
            case UnknownHost.NotFound notFound -> new Verdict.Answer(Reply.notFound());
            case UnknownHost.Close close -> new Verdict.Close();
            case UnknownHost.Redirect redirect -> new Verdict.Answer(Reply.redirect(redirect.url()));
        };
    }

    private static KnownHost lookup(Exchange exchange, DomainName name) {
        return exchange.surroundings()
                .hosts()
                .find(exchange.surroundings().view().get(), name);
    }

    private static Verdict found(Exchange exchange, HostRoute route) {
        exchange.route(route);
        if (!exchange.surroundings().ports().contain(route.ports(), exchange.connection())) {
            return Verdict.refuse(EdgeError.PORT_NOT_SERVED);
        }
        String serverName = exchange.connection().serverName();
        return serverName == null || isSameSite(exchange, serverName, route)
                ? Verdict.NEXT
                : Verdict.refuse(EdgeError.HOST_MISMATCH);
    }

    private static boolean isSameSite(Exchange exchange, String serverName, HostRoute route) {
        DomainName name;
        try {
            name = DomainName.of(serverName);
        } catch (InvalidNameException e) {
            return false;
        }
        if (name.equals(route.host())) {
            return true;
        }
        return lookup(exchange, name).lookup() instanceof Lookup.Routed other
                && other.route().zone().name().equals(route.zone().name());
    }
}
