package io.anycastle.core.activation;

import io.anycastle.core.model.DomainName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Zones by when their next check is due. Not thread-safe. */
final class DueZones {
    private record Due(Instant at, DomainName zone) {}

    private final TreeSet<Due> order =
            new TreeSet<>(Comparator.comparing(Due::at).thenComparing(Due::zone));
    private final Map<DomainName, Due> zones = new HashMap<>();

    void put(DomainName zone, Instant at) {
        remove(zone);
        Due due = new Due(at, zone);
        zones.put(zone, due);
        order.add(due);
    }

    void remove(DomainName zone) {
        Due before = zones.remove(zone);
        if (before != null) {
            order.remove(before);
        }
    }

    /** Takes out a zone that is due by then, the longest due first. */
    Optional<DomainName> take(Instant now) {
        if (order.isEmpty() || order.getFirst().at().isAfter(now)) {
            return Optional.empty();
        }
        DomainName zone = order.getFirst().zone();
        remove(zone);
        return Optional.of(zone);
    }

    int size() {
        return zones.size();
    }

    Optional<Instant> next() {
        return order.isEmpty() ? Optional.empty() : Optional.of(order.getFirst().at());
    }
}
