package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records a host's requests go by: a pure function of the view, so that a change of the view is a change of the routes.
 *
 * <p>A host is answered by the longest zone it lies in, exactly as DNS answers it, whether or not that zone proxies; a parent zone's
 * wildcard never reaches into a child zone. Inside the zone the name itself decides, else the wildcard below its closest encloser (RFC
 * 4592 section 3.3). Names at or below a delegation are not ours.
 */
public final class HostTable {
    /** How many DNS-only CNAMEs are followed to a proxied name. */
    public static final int CNAME_HOPS_MAX = CnameFlattening.ALIASES_MAX;

    private HostTable() {}

    /** Where a host leads, or why nowhere. */
    public sealed interface Lookup {
        /** The host is proxied. */
        record Routed(HostRoute route) implements Lookup {}

        /** The host lies in none of our zones, or its zone has no such name. */
        record UnknownHost(DomainName host) implements Lookup {}

        /** The host's zone is pending, moved or paused: all its records answer for themselves. */
        record ZoneNotProxying(Zone zone) implements Lookup {}

        /** The host exists, but is DNS only. */
        record NotProxied(Zone zone, NameRecords owner) implements Lookup {}

        /** The host is at or below a delegation to other name servers. */
        record Delegated(Zone zone, DomainName cut) implements Lookup {}
    }

    /** Looks the host up; constant memory, a few map look-ups, any thread. The zone of the route is the host's, also behind a CNAME. */
    public static Lookup find(EdgeView view, DomainName host) {
        ZoneState zone = zoneOf(view, host);
        if (zone == null) {
            return new Lookup.UnknownHost(host);
        }
        if (!view.isProxying(zone)) {
            return new Lookup.ZoneNotProxying(zone.zone());
        }
        Lookup first = at(zone, host, host);
        return first instanceof Lookup.NotProxied dnsOnly ? throughCname(view, host, zone, dnsOnly) : first;
    }

    /** A DNS-only CNAME that leads to a proxied name of ours is proxied as that name is; otherwise the first answer stands. */
    private static Lookup throughCname(EdgeView view, DomainName host, ZoneState hostZone, Lookup.NotProxied answer) {
        NameRecords owner = answer.owner();
        for (int hop = 0; hop < CNAME_HOPS_MAX; hop++) {
            DomainName target = cnameTarget(owner);
            if (target == null) {
                return answer;
            }
            ZoneState zone = zoneOf(view, target);
            if (zone == null || !view.isProxying(zone) || !zone.isReachedFrom(owner.name())) {
                return answer;
            }
            switch (at(zone, target, host)) {
                case Lookup.Routed(HostRoute route) -> {
                    return new Lookup.Routed(new HostRoute(
                            host,
                            hostZone.zone(),
                            route.owner(),
                            route.origins(),
                            route.settings(),
                            hostZone.proxySettings().ports(),
                            hostZone.pages()));
                }
                case Lookup.NotProxied next -> owner = next.owner();
                default -> {
                    return answer;
                }
            }
        }
        return answer;
    }

    private static Lookup at(ZoneState zone, DomainName name, DomainName host) {
        var ceiling = zone.names().ceilingEntry(name);
        NameRecords own = ceiling != null && ceiling.getKey().equals(name) ? ceiling.getValue() : null;
        boolean exists = own != null || (ceiling != null && ceiling.getKey().isBelow(name));
        DomainName encloser = exists ? name : closestEncloser(zone, name, ceiling == null ? null : ceiling.getKey());
        DomainName cut = cut(zone, encloser, own);
        if (cut != null) {
            return new Lookup.Delegated(zone.zone(), cut);
        }
        NameRecords owner = exists ? own : zone.names().get(encloser.wildcardChild());
        if (owner == null) {
            return new Lookup.UnknownHost(host);
        }
        List<Record> origins = origins(owner);
        if (origins.isEmpty()) {
            return new Lookup.NotProxied(zone.zone(), owner);
        }
        ProxySettings settings = zone.proxySettings();
        return new Lookup.Routed(
                new HostRoute(host, zone.zone(), owner.name(), origins, settings, settings.ports(), zone.pages()));
    }

    /**
     * The longest existing ancestor of a name that does not exist (RFC 4592 section 3.3.1): in canonical order it is an ancestor of the
     * name just before or of the name just after.
     */
    private static DomainName closestEncloser(ZoneState zone, DomainName name, @Nullable DomainName after) {
        DomainName before = zone.names().lowerKey(name);
        DomainName apex = zone.zone().name();
        DomainName at = parentOf(name);
        while (at.isBelow(apex) && !isAtOrAbove(at, before) && !isAtOrAbove(at, after)) {
            at = parentOf(at);
        }
        return at;
    }

    private static boolean isAtOrAbove(DomainName ancestor, @Nullable DomainName name) {
        return name != null && name.isAtOrBelow(ancestor);
    }

    /** The lowest name at or above this one, below the apex, that has NS records. */
    private static @Nullable DomainName cut(ZoneState zone, DomainName name, @Nullable NameRecords own) {
        DomainName apex = zone.zone().name();
        NameRecords records = own;
        DomainName at = name;
        while (at.isBelow(apex)) {
            if (records == null) {
                records = zone.names().get(at);
            }
            if (records != null && has(records, RecordType.NS)) {
                return at;
            }
            records = null;
            at = parentOf(at);
        }
        return null;
    }

    private static @Nullable ZoneState zoneOf(EdgeView view, DomainName name) {
        return view.zoneOf(name).orElse(null);
    }

    /** A proxied CNAME, or all addresses as soon as one of them is proxied. */
    private static List<Record> origins(NameRecords owner) {
        return owner.isProxied()
                ? owner.records().stream().filter(r -> r.type().isProxiable()).toList()
                : List.of();
    }

    private static @Nullable DomainName cnameTarget(NameRecords owner) {
        for (Record record : owner.records()) {
            if (record.type() == RecordType.CNAME) {
                return nameOrNull(record.content());
            }
        }
        return null;
    }

    private static @Nullable DomainName nameOrNull(String content) {
        try {
            return DomainName.of(content);
        } catch (InvalidNameException e) {
            return null; // a target that no zone of ours can hold
        }
    }

    private static boolean has(NameRecords owner, RecordType type) {
        return owner.records().stream().anyMatch(r -> r.type() == type);
    }

    private static DomainName parentOf(DomainName name) {
        return name.parent().orElse(DomainName.ROOT);
    }
}
