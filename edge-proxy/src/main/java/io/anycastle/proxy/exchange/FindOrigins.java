package io.anycastle.proxy.exchange;

import io.anycastle.core.model.OriginBalance;
import io.anycastle.core.model.OriginRoute;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.origin.AddressGuard.Ruling;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginCheck;
import io.anycastle.proxy.origin.OriginGroup;
import io.anycastle.proxy.origin.OriginSet;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds the addresses that may be asked, how each is asked, and which of them this request goes to. */
final class FindOrigins implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        OriginGroup known = exchange.known()
                .fixed(exchange.connection(), exchange.surroundings().guard().version());
        if (known != null) {
            return go(exchange, known);
        }
        Searches searches = searches(exchange, exchange.route().orElseThrow());
        List<Future<List<InetAddress>>> found =
                searches.origins().stream().map(Search::found).toList();
        if (found.stream().allMatch(Future::succeeded)) {
            return choose(exchange, searches);
        }
        return new Verdict.Later(
                Future.join(found).transform(done -> Future.succeededFuture()).map(done -> choose(exchange, searches)));
    }

    /** What is found of one record. */
    private record Search(Record record, OriginChoice choice, int weight, Future<List<InetAddress>> found) {
        List<InetAddress> addresses() {
            return found.succeeded() ? found.result() : List.of();
        }
    }

    /** @param fallback is not waited for: the first requests go without it where it must be looked up */
    private record Searches(List<Search> origins, Optional<Search> fallback, OriginBalance balance) {}

    private static Searches searches(Exchange exchange, HostRoute route) {
        List<Search> searches = new ArrayList<>(route.origins().size());
        for (Record record : route.origins()) {
            OriginSettings settings = route.settings(record);
            OriginChoice choice =
                    settings.routes().isEmpty() ? OriginChoice.of(settings) : OriginChoice.of(settings, path(exchange));
            searches.add(search(exchange, choice, record));
        }
        OriginBalance balance = said(route, OriginSettings::balance)
                .orElse(exchange.surroundings().config().origins().balance());
        return new Searches(searches, fallback(exchange, route), balance);
    }

    private static Search search(Exchange exchange, OriginChoice choice, Record record) {
        OriginAddresses addresses = exchange.surroundings().addresses();
        var owner = exchange.route().orElseThrow().owner();
        Future<List<InetAddress>> found = choice.path().isPresent()
                ? addresses.find(choice.path().get().origin(), owner)
                : addresses.find(record, owner);
        return new Search(record, choice, choice.settings().weight().orElse(1), found);
    }

    private static Optional<Search> fallback(Exchange exchange, HostRoute route) {
        Record first = route.origins().getFirst();
        return said(route, OriginSettings::fallback)
                .map(to -> search(exchange, new OriginChoice(route.settings(first), Optional.of(to)), first));
    }

    /** What holds for the name: what the first of its records says that says something, else its zone. */
    private static <T> Optional<T> said(HostRoute route, Function<OriginSettings, Optional<T>> what) {
        for (Record record : route.origins()) {
            Optional<T> own = what.apply(record.origin());
            if (own.isPresent()) {
                return what.apply(route.settings(record));
            }
        }
        return what.apply(route.settings(route.origins().getFirst()));
    }

    private static String path(Exchange exchange) {
        return ReservedPath.pathOf(exchange.request().target());
    }

    /** Whether the records themselves hold the addresses of all paths: they stay the same as long as the view does. */
    private static boolean isFixed(HostRoute route) {
        return said(route, OriginSettings::fallback)
                        .map(OriginRoute::origin)
                        .filter(origin -> !OriginAddresses.isAddress(origin))
                        .isEmpty()
                && route.origins().stream()
                        .noneMatch(record -> record.type() == RecordType.CNAME
                                || !route.settings(record).routes().isEmpty());
    }

    private static Verdict choose(Exchange exchange, Searches searches) {
        Allowed allowed = new Allowed(exchange);
        Map<OriginTarget, Member> targets = new LinkedHashMap<>();
        for (Search search : searches.origins()) {
            allowed.of(search)
                    .forEach((target, address) -> targets.computeIfAbsent(
                            target, added -> new Member(search.weight(), check(exchange, search, address))));
        }
        List<OriginTarget> fallbacks = new ArrayList<>();
        searches.fallback().map(allowed::of).ifPresent(found -> fallbacks.addAll(found.keySet()));
        fallbacks.removeAll(targets.keySet());
        if (targets.isEmpty() && fallbacks.isEmpty()) {
            return Verdict.refuse(allowed.error());
        }
        OriginSet set = new OriginSet(
                OriginTarget.paired(targets.keySet()),
                targets.values().stream().map(Member::weight).toList(),
                targets.values().stream().map(Member::check).toList(),
                OriginTarget.paired(fallbacks),
                searches.balance());
        OriginGroup group = exchange.known().group(set, exchange.surroundings().health());
        if (isFixed(exchange.route().orElseThrow())) {
            exchange.known()
                    .keep(
                            group,
                            exchange.connection(),
                            exchange.surroundings().guard().version());
        }
        return go(exchange, group);
    }

    /** What is said of a target. */
    private record Member(int weight, Optional<OriginCheck> check) {}

    /** Routes lead to other servers than the record's, of which nothing is said. */
    private static Optional<OriginCheck> check(Exchange exchange, Search search, InetAddress address) {
        OriginSettings said = search.choice().settings();
        if (said.healthCheck().isEmpty() || search.choice().path().isPresent()) {
            return Optional.empty();
        }
        HostRoute route = exchange.route().orElseThrow();
        return Optional.of(exchange.known()
                .check(
                        search.record(),
                        address,
                        () -> exchange.surroundings().checks().of(route.owner(), route.settings(), said, address)));
    }

    /** The targets that the guard lets through. */
    private static final class Allowed {
        private final Exchange exchange;
        private Ruling refused = Ruling.ALLOWED;

        Allowed(Exchange exchange) {
            this.exchange = exchange;
        }

        /** With the address that each has where nothing is mapped. */
        Map<OriginTarget, InetAddress> of(Search search) {
            Map<OriginTarget, InetAddress> targets = new LinkedHashMap<>();
            for (InetAddress address : search.addresses()) {
                OriginTarget target = search.choice().target(exchange, address);
                Ruling ruling = exchange.surroundings().guard().rule(target.address(), target.port());
                if (ruling == Ruling.ALLOWED) {
                    targets.putIfAbsent(target, address);
                } else {
                    refused = ruling;
                }
            }
            return targets;
        }

        /** Why there are none. */
        EdgeError error() {
            return switch (refused) {
                case ALLOWED -> EdgeError.UNRESOLVED;
                case EDGE_ITSELF -> EdgeError.POINTS_TO_EDGE;
                case FORBIDDEN -> EdgeError.PROHIBITED_ADDRESS;
            };
        }
    }

    private static Verdict go(Exchange exchange, OriginGroup group) {
        exchange.origins(group, group.next(group.isAlone() ? 0 : BalanceKey.of(exchange, group.balance())));
        return Verdict.NEXT;
    }
}
