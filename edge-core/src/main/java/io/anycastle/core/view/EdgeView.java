package io.anycastle.core.view;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * Everything the node knows, at one moment: an immutable value.
 *
 * @param sequence counts the node's view updates; no meaning between nodes
 * @param account what belongs to no single zone
 */
public record EdgeView(long sequence, HashPMap<DomainName, ZoneState> zones, Account account) {
    public static final EdgeView EMPTY = new EdgeView(0, HashTreePMap.empty(), Account.EMPTY);

    /** Whether proxied records of that zone stand for the edge. */
    public boolean isProxying(ZoneState zone) {
        return zone.isProxying() && !account.dnsOnly();
    }

    public Optional<ZoneState> zone(DomainName name) {
        return Optional.ofNullable(zones.get(name));
    }

    public Optional<ZoneState> zoneById(String id) {
        return zones.values().stream().filter(z -> z.zone().id().equals(id)).findFirst();
    }

    /** The zone that the name lies in: the longest that is at or above it. */
    public Optional<ZoneState> zoneOf(DomainName name) {
        Optional<DomainName> at = Optional.of(name);
        while (at.isPresent()) {
            ZoneState zone = zones.get(at.get());
            if (zone != null) {
                return Optional.of(zone);
            }
            at = at.get().parent();
        }
        return Optional.empty();
    }

    /** The view behind that change of this one. */
    public EdgeView after(ViewChange change) {
        return change.after().map(this::with).orElseGet(() -> without(change.zone()));
    }

    EdgeView with(ZoneState zone) {
        return new EdgeView(sequence + 1, zones.plus(zone.zone().name(), zone), account);
    }

    EdgeView without(DomainName zone) {
        return new EdgeView(sequence + 1, zones.minus(zone), account);
    }

    EdgeView with(Account changed) {
        return new EdgeView(sequence + 1, zones, changed);
    }
}
