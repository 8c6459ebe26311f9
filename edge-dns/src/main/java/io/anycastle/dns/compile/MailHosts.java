package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.CnameFlattening;
import io.anycastle.core.view.Redirections;
import io.anycastle.core.view.ViewChange;
import io.anycastle.dns.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of one zone that its MX and SRV records name, and what they are named in answers while they are proxied: the edge takes no
 * mail, so such a host stands there as {@code dc-HASH.ZONE}, a name that this makes and that answers the host's own addresses. A proxied
 * CNAME's target outside the zone takes its place by itself. A host below another zone of ours is what that zone says, and one below a
 * DNAME is what that leads to. Of the thread that writes the view; while that compiles, others may read.
 */
final class MailHosts {
    private static final int HOPS_MAX = CnameFlattening.ALIASES_MAX;
    private static final int HASH_OCTETS = 6;

    /** Up to so many hosts that a change may matter to are looked at; where there are more, those that it names, which misses wildcards. */
    private static final int LOOKED_AT_MAX = 256;

    /** From this part of a zone's names on, walking over all of them is cheaper than looking each up. */
    private static final int WALK_SHARE = 8;

    private final DomainName zone;
    private final Map<DomainName, ZoneState> zones;

    /** From the owners of MX and SRV records to the hosts that they name. */
    private final NameLinks hosts = new NameLinks();

    /** From hosts to the other zones of ours that their way leads through. */
    private final NameLinks zonesPassed = new NameLinks();

    /** From hosts to the branches of zones that their way leads through, that of the made name included. */
    private final NameLinks branchesPassed = new NameLinks();

    private final Map<DomainName, Way> ways = new HashMap<>();

    /** The DNAME at the zone's own name, which redirects all others. */
    private Optional<Record> redirection = Optional.empty();

    /**
     * Where mail for a proxied host goes.
     *
     * @param addresses what the made name answers; empty when the name is there anyway
     */
    private record Way(DomainName name, List<Record> addresses) {}

    /**
     * What a host's way depends on.
     *
     * @param zones other than this one
     * @param branches in this zone or the others
     */
    private record Passed(Set<DomainName> zones, Set<DomainName> branches) {
        Passed() {
            this(new HashSet<>(0), new HashSet<>(4));
        }

        void add(DomainName name, DomainName zone) {
            branches.add(branch(name, zone));
        }
    }

    /**
     * What a change of the zone asks to be compiled beside the names that it names.
     *
     * @param owners of MX and SRV records that name other hosts now
     * @param made names that this made, with the records that they answer; none for those that go
     */
    record Changes(Set<DomainName> owners, Map<DomainName, List<Record>> made) {
        static final Changes NONE = new Changes(Set.of(), Map.of());

        boolean isEmpty() {
            return owners.isEmpty() && made.isEmpty();
        }
    }

    /** @param zones all that are answered, by name, as they are whenever this is told of a change */
    MailHosts(DomainName zone, Map<DomainName, ZoneState> zones) {
        this.zone = zone;
        this.zones = zones;
    }

    /** Whether any of the names holds a record that names a host of the zone; where most names are asked about, whether any name does. */
    static boolean concerns(ZoneState state, Collection<DomainName> names) {
        DomainName zone = state.zone().name();
        if (areMost(state, names)) {
            for (NameRecords at : state.names().values()) {
                if (!hosts(at, zone).isEmpty()) {
                    return true;
                }
            }
            return false;
        }
        for (DomainName name : names) {
            if (state.at(name).filter(at -> !hosts(at, zone).isEmpty()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean areMost(ZoneState state, Collection<DomainName> names) {
        return names.size() > state.names().size() / WALK_SHARE;
    }

    /** What stands in the place of a host in MX and SRV records while the zone proxies; empty for the host itself. */
    Optional<DomainName> instead(DomainName host) {
        return Optional.ofNullable(ways.get(host)).map(Way::name);
    }

    boolean isEmpty() {
        return hosts.isEmpty();
    }

    /** Takes the zone as it is now; the same change twice asks for the same. */
    Changes follow(ZoneState state, Collection<DomainName> names) {
        Set<DomainName> looked = new HashSet<>();
        if (hosts.isEmpty() && areMost(state, names)) {
            state.names().values().forEach(at -> looked.addAll(hosts.link(at.name(), hosts(at, zone))));
        } else {
            for (DomainName name : names) {
                Set<DomainName> named =
                        state.at(name).map(at -> hosts(at, zone)).orElse(Set.of());
                looked.addAll(hosts.link(name, named));
            }
            addConcerned(looked, zone, names, hosts.targets());
        }
        Optional<Record> before = redirection;
        redirection = Redirections.at(state, zone);
        if (!redirection.equals(before)) {
            looked.addAll(hosts.targets());
        }
        return look(state, looked);
    }

    /** Takes another zone, below this one, as it is now. */
    Changes follow(ZoneState state, ViewChange below) {
        Set<DomainName> led = zonesPassed.to(below.zone());
        Set<DomainName> looked = new HashSet<>();
        if (isAnother(below)) {
            boolean isAll = hosts.targets().size() <= LOOKED_AT_MAX;
            hosts.targets().stream()
                    .filter(host -> isAll || host.isAtOrBelow(below.zone()))
                    .forEach(looked::add);
            looked.addAll(led);
        } else if (!led.isEmpty()) {
            addConcerned(looked, below.zone(), below.names(), led);
        }
        return look(state, looked);
    }

    /**
     * Adds the hosts whose way a change of those names may alter. Records, a wildcard, a delegation, and that a name comes to exist alter
     * names of their own branch of the zone; a wildcard directly below the zone's name may alter any.
     *
     * @param led the hosts whose way leads through the zone
     */
    private void addConcerned(
            Set<DomainName> looked, DomainName in, Collection<DomainName> names, Set<DomainName> led) {
        Set<DomainName> seen = new HashSet<>();
        for (DomainName name : names) {
            DomainName branch = branch(name, in);
            Set<DomainName> concerned = branch.isWildcard() ? led : branchesPassed.to(branch);
            if (concerned.size() > LOOKED_AT_MAX) {
                if (led.contains(name)) {
                    looked.add(name);
                }
            } else if (seen.add(branch)) {
                looked.addAll(concerned);
            }
        }
    }

    /** The name directly below the zone's that a name is or lies below; the zone's own for itself. */
    private static DomainName branch(DomainName name, DomainName zone) {
        DomainName branch = name;
        Optional<DomainName> at = Optional.of(name);
        while (at.filter(below -> below.isBelow(zone)).isPresent()) {
            branch = at.get();
            at = branch.parent();
        }
        return branch;
    }

    /** Whether a zone comes, goes, begins or stops to proxy, or redirects all its names to somewhere else. */
    private static boolean isAnother(ViewChange change) {
        return change.before().isEmpty()
                || change.after().isEmpty()
                || isProxying(change.before()) != isProxying(change.after())
                || !redirection(change.before()).equals(redirection(change.after()));
    }

    private static Optional<Record> redirection(Optional<ZoneState> state) {
        return state.flatMap(zone -> Redirections.at(zone, zone.zone().name()));
    }

    private static boolean isProxying(Optional<ZoneState> state) {
        return state.filter(ZoneState::isProxying).isPresent();
    }

    private Changes look(ZoneState state, Set<DomainName> looked) {
        if (looked.isEmpty()) {
            return Changes.NONE;
        }
        Set<DomainName> owners = new HashSet<>();
        Map<DomainName, List<Record>> made = new HashMap<>();
        for (DomainName host : looked) {
            Passed passed = new Passed();
            Optional<Way> way = hosts.isTarget(host) ? way(state, host, passed) : Optional.empty();
            zonesPassed.link(host, passed.zones);
            branchesPassed.link(host, passed.branches);
            Way before = way.isPresent() ? ways.put(host, way.get()) : ways.remove(host);
            if (before != null && !before.addresses.isEmpty()) {
                made.putIfAbsent(before.name, List.of());
            }
            way.filter(w -> !w.addresses.isEmpty()).ifPresent(w -> made.put(w.name, w.addresses));
            if (!way.map(Way::name).equals(Optional.ofNullable(before).map(Way::name))) {
                owners.addAll(hosts.to(host));
            }
        }
        keepUsed(made);
        made.entrySet()
                .removeIf(entry ->
                        entry.getValue().isEmpty() && state.at(entry.getKey()).isPresent());
        return new Changes(owners, made);
    }

    /** Two hosts may lead to one made name: it stays as long as one of them does. */
    private void keepUsed(Map<DomainName, List<Record>> made) {
        if (made.isEmpty()) {
            return;
        }
        for (Way way : ways.values()) {
            if (made.containsKey(way.name)) {
                made.put(way.name, way.addresses);
            }
        }
    }

    /** All names that this made, to go. */
    Changes leave() {
        return new Changes(
                Set.of(),
                ways.values().stream()
                        .filter(way -> !way.addresses.isEmpty())
                        .collect(Collectors.toMap(Way::name, _ -> List.of(), (a, _) -> a)));
    }

    /** @param passed takes what it depends on */
    private Optional<Way> way(ZoneState state, DomainName host, Passed passed) {
        DomainName at = host;
        boolean isProxied = false;
        for (int hop = 0; hop < HOPS_MAX; hop++) {
            DomainName name = at;
            ZoneState in = zoneOf(state, name);
            boolean isOwn = in.zone().name().equals(zone);
            passed.add(name, in.zone().name());
            if (!isOwn) {
                passed.zones.add(in.zone().name());
            }
            boolean isDelegated = CnameFlattening.isDelegated(in, name);
            Optional<Record> dname = isDelegated ? Optional.empty() : Redirections.above(in, name);
            Optional<NameRecords> records =
                    isDelegated || dname.isPresent() ? Optional.empty() : CnameFlattening.recordsAt(in, name);
            boolean isProxiedHere = (isOwn || in.isProxying())
                    && records.filter(NameRecords::isProxied).isPresent();
            isProxied |= isProxiedHere;
            Optional<DomainName> target = dname.isPresent()
                    ? Redirections.target(dname.get(), name)
                    : records.flatMap(CnameFlattening::cname).flatMap(CnameFlattening::target);
            if (target.filter(to -> to.isAtOrBelow(zone)).isPresent()) {
                at = target.get();
            } else if (!isProxied || (isProxiedHere && target.isEmpty() && redirection.isPresent())) {
                return Optional.empty(); // what lies below a DNAME at the zone's own name can be no host
            } else if (target.isPresent()) {
                return target.map(to -> new Way(to, List.of()));
            } else {
                return Optional.of(
                        isProxiedHere
                                ? new Way(made(state, name, passed), addresses(records))
                                : new Way(name, List.of()));
            }
        }
        return Optional.empty();
    }

    /** The deepest zone of ours that a name at or below this one lies in. */
    private ZoneState zoneOf(ZoneState own, DomainName name) {
        Optional<DomainName> at = Optional.of(name);
        while (at.filter(below -> below.isBelow(zone)).isPresent()) {
            ZoneState deeper = zones.get(at.get());
            if (deeper != null) {
                return deeper;
            }
            at = at.get().parent();
        }
        return own;
    }

    private static List<Record> addresses(Optional<NameRecords> at) {
        return at.map(NameRecords::records).orElse(List.of()).stream()
                .filter(r -> r.type() == RecordType.A || r.type() == RecordType.AAAA)
                .toList();
    }

    /** The same on every node; another one where the zone has that name already. */
    private DomainName made(ZoneState state, DomainName host, Passed passed) {
        for (int attempt = 0; ; attempt++) {
            byte[] hash = sha256().digest((attempt + " " + host).getBytes(StandardCharsets.UTF_8));
            DomainName name = DomainName.inZone("dc-" + HexFormat.of().formatHex(hash, 0, HASH_OCTETS), zone);
            passed.add(name, zone);
            if (!state.exists(name)) {
                return name;
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Set<DomainName> hosts(NameRecords at, DomainName zone) {
        Set<DomainName> hosts = Set.of();
        for (Record record : at.records()) {
            DomainName host = host(record);
            if (host != null && host.isAtOrBelow(zone)) {
                hosts = hosts.isEmpty() ? new HashSet<>(2) : hosts;
                hosts.add(host);
            }
        }
        return hosts;
    }

    /** Whom an MX or SRV record names; null for other types, and for names that no zone of ours can hold. */
    static @Nullable DomainName host(Record record) {
        if (record.type() != RecordType.MX && record.type() != RecordType.SRV) {
            return null;
        }
        byte[] wire = record.rdata().wire();
        int at = Wire.nameAt(record.type().code());
        try {
            DomainName host = DomainName.read(ByteBuffer.wrap(wire, at, wire.length - at));
            return host.isRoot() ? null : host;
        } catch (InvalidNameException e) {
            return null;
        }
    }
}
