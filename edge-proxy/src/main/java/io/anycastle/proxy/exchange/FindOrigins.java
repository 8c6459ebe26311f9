package io.anycastle.proxy.exchange;

import io.anycastle.core.model.RecordType;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.origin.AddressGuard.Ruling;
import io.anycastle.proxy.origin.AddressMapping;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the addresses that may be asked, and in which order: each request starts at the next one. */
final class FindOrigins implements Step {
    private int turn;

    @Override
    public Verdict take(Exchange exchange) {
        List<OriginTarget> known = exchange.known()
                .targets(exchange.connection(), exchange.surroundings().guard().version());
        if (!known.isEmpty()) {
            return go(exchange, known);
        }
        HostRoute route = exchange.route().orElseThrow();
        Future<List<InetAddress>> found = exchange.surroundings().addresses().find(route);
        if (found.succeeded()) {
            return choose(exchange, found.result(), isFixed(route));
        }
        return new Verdict.Later(found.map(addresses -> choose(exchange, addresses, false))
                .otherwise(failure -> Verdict.refuse(EdgeError.UNRESOLVED)));
    }

    /** Whether the records themselves hold the addresses: they stay the same as long as the view does. */
    private static boolean isFixed(HostRoute route) {
        return route.origins().stream().noneMatch(record -> record.type() == RecordType.CNAME);
    }

    private Verdict choose(Exchange exchange, List<InetAddress> addresses, boolean isFixed) {
        long guardVersion = exchange.surroundings().guard().version();
        if (addresses.isEmpty()) {
            return Verdict.refuse(EdgeError.UNRESOLVED);
        }
        List<OriginTarget> targets = new ArrayList<>(addresses.size());
        Ruling refused = Ruling.ALLOWED;
        for (InetAddress address : addresses) {
            OriginTarget target = target(exchange, address);
            Ruling ruling = exchange.surroundings().guard().rule(target.address(), target.port());
            if (ruling == Ruling.ALLOWED) {
                targets.add(target);
            } else {
                refused = ruling;
            }
        }
        if (targets.isEmpty()) {
            return Verdict.refuse(
                    refused == Ruling.EDGE_ITSELF ? EdgeError.POINTS_TO_EDGE : EdgeError.PROHIBITED_ADDRESS);
        }
        if (isFixed) {
            exchange.known().keep(targets, exchange.connection(), guardVersion);
        }
        return go(exchange, targets);
    }

    private Verdict go(Exchange exchange, List<OriginTarget> targets) {
        List<OriginTarget> ordered = targets;
        if (targets.size() > 1) {
            ordered = new ArrayList<>(targets);
            Collections.rotate(ordered, -(turn++ & 0xFFFF));
        }
        exchange.targets(ordered);
        return Verdict.NEXT;
    }

    private static OriginTarget target(Exchange exchange, InetAddress address) {
        OriginConfig config = exchange.surroundings().config().origins();
        var connection = exchange.connection();
        boolean tls = config.tls().isTls(connection.isTls());
        int followed = connection.isTls() && !tls && connection.visiblePort() == 443 ? 80 : connection.visiblePort();
        int port = config.port().orElse(followed);
        for (AddressMapping mapping : config.addressMap()) {
            if (mapping.from().equals(address)) {
                return target(exchange, mapping.to(), mapping.port().orElse(port), tls);
            }
        }
        return target(exchange, address, port, tls);
    }

    private static OriginTarget target(Exchange exchange, InetAddress address, int port, boolean tls) {
        return tls
                ? new OriginTarget(
                        address, port, true, exchange.hostName().orElseThrow().toString())
                : OriginTarget.plain(address, port);
    }
}
