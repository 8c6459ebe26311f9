package io.anycastle.proxy.exchange;

import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.origin.AddressGuard.Ruling;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the addresses that may be asked, how each is asked, and in which order: each request starts at the next one. */
final class FindOrigins implements Step {
    private int turn;

    @Override
    public Verdict take(Exchange exchange) {
        List<OriginTarget> known = exchange.known()
                .targets(exchange.connection(), exchange.surroundings().guard().version());
        if (!known.isEmpty()) {
            return go(exchange, known);
        }
        List<Search> searches = searches(exchange, exchange.route().orElseThrow());
        List<Future<List<InetAddress>>> found =
                searches.stream().map(Search::found).toList();
        if (found.stream().allMatch(Future::succeeded)) {
            return choose(exchange, searches);
        }
        return new Verdict.Later(
                Future.join(found).transform(done -> Future.succeededFuture()).map(done -> choose(exchange, searches)));
    }

    /** What is found of one record. */
    private record Search(OriginChoice choice, Future<List<InetAddress>> found) {}

    private static List<Search> searches(Exchange exchange, HostRoute route) {
        OriginAddresses addresses = exchange.surroundings().addresses();
        List<Search> searches = new ArrayList<>(route.origins().size());
        for (Record record : route.origins()) {
            OriginSettings settings = route.settings(record);
            OriginChoice choice =
                    settings.routes().isEmpty() ? OriginChoice.of(settings) : OriginChoice.of(settings, path(exchange));
            searches.add(new Search(
                    choice,
                    choice.path()
                            .map(path -> addresses.find(path.origin(), route.owner()))
                            .orElseGet(() -> addresses.find(record, route.owner()))));
        }
        return searches;
    }

    private static String path(Exchange exchange) {
        return ReservedPath.pathOf(exchange.request().target());
    }

    /** Whether the records themselves hold the addresses of all paths: they stay the same as long as the view does. */
    private static boolean isFixed(HostRoute route) {
        return route.origins().stream()
                .noneMatch(record -> record.type() == RecordType.CNAME
                        || !route.settings(record).routes().isEmpty());
    }

    private Verdict choose(Exchange exchange, List<Search> searches) {
        Set<OriginTarget> targets = new LinkedHashSet<>();
        Ruling refused = Ruling.ALLOWED;
        for (Search search : searches) {
            List<InetAddress> addresses =
                    search.found().succeeded() ? search.found().result() : List.of();
            for (InetAddress address : addresses) {
                OriginTarget target = search.choice().target(exchange, address);
                Ruling ruling = exchange.surroundings().guard().rule(target.address(), target.port());
                if (ruling == Ruling.ALLOWED) {
                    targets.add(target);
                } else {
                    refused = ruling;
                }
            }
        }
        if (targets.isEmpty()) {
            return Verdict.refuse(
                    switch (refused) {
                        case ALLOWED -> EdgeError.UNRESOLVED;
                        case EDGE_ITSELF -> EdgeError.POINTS_TO_EDGE;
                        case FORBIDDEN -> EdgeError.PROHIBITED_ADDRESS;
                    });
        }
        List<OriginTarget> allowed = OriginTarget.paired(targets);
        if (isFixed(exchange.route().orElseThrow())) {
            exchange.known()
                    .keep(
                            allowed,
                            exchange.connection(),
                            exchange.surroundings().guard().version());
        }
        return go(exchange, allowed);
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
}
