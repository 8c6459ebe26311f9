package io.anycastle.dns.compile;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.view.ViewChange;
import io.anycastle.core.view.ViewListener;
import io.anycastle.dns.PartialSuffix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps partial zones out of the answers, whose DNS is elsewhere, and puts their proxied hosts below a suffix of ours instead, so that
 * each can be pointed here by a CNAME from where its DNS is.
 *
 * <p>The suffix is a zone. Each partial zone is another one, delegated from it: {@code example.com.SUFFIX} has the proxied names of
 * example.com and follows its status and settings, so that pausing it makes its hosts answer their content there. That the suffix has a
 * name for each of them makes the labels between exist (RFC 8020).
 */
public final class PartialHosts implements ViewListener {
    private static final Logger LOG = LoggerFactory.getLogger(PartialHosts.class);

    private static final Stamp NONE = new Stamp(0, 0, "");

    private final ZoneCompiler compiler;
    private final Optional<PartialSuffix> suffix;

    /** What is answered below the suffix, by the partial zone's name; of the view's writer alone. */
    private final Map<DomainName, ZoneState> shown = new HashMap<>();

    private Optional<ZoneState> top;

    public PartialHosts(ZoneCompiler compiler, Optional<PartialSuffix> suffix) {
        this.compiler = compiler;
        this.suffix = suffix;
        top = suffix.map(s -> ZoneState.empty(topZone(s, 1)));
        top.ifPresent(zone -> compiler.prepare(ViewChange.appearing(zone)).run());
    }

    @Override
    public Runnable prepare(Account account) {
        return compiler.prepare(account);
    }

    @Override
    public Runnable prepare(ViewChange change) {
        boolean wasPartial = change.before().filter(PartialHosts::isPartial).isPresent();
        boolean isPartial = change.after().filter(PartialHosts::isPartial).isPresent();
        if (!wasPartial && !isPartial) {
            return isFree(change.zone()) ? compiler.prepare(change) : () -> {};
        }
        List<ViewChange> changes = new ArrayList<>();
        if (!wasPartial && isFree(change.zone())) {
            change.before().map(ViewChange::vanishing).ifPresent(changes::add);
        }
        if (!isPartial && isFree(change.zone())) {
            change.after().map(ViewChange::appearing).ifPresent(changes::add);
        }
        suffix.ifPresent(s -> changes.addAll(below(s, change, isPartial)));
        return compiler.prepare(changes);
    }

    private static boolean isPartial(ZoneState zone) {
        return zone.zone().type() == ZoneType.PARTIAL;
    }

    /** Below the suffix a zone of the store, made before the suffix was configured or on a node with another, is not answered. */
    private boolean isFree(DomainName zone) {
        boolean isTaken = suffix.filter(s -> zone.isAtOrBelow(s.name())).isPresent();
        if (isTaken) {
            LOG.warn("zone {} is not answered: zones.partial-suffix has its name", zone);
        }
        return !isTaken;
    }

    private List<ViewChange> below(PartialSuffix to, ViewChange change, boolean isPartial) {
        Optional<DomainName> place = to.place(change.zone());
        if (place.isEmpty()) {
            LOG.warn("zone {} has no hosts below {}: the names would be too long", change.zone(), to.name());
            return List.of();
        }
        Optional<ZoneState> before = Optional.ofNullable(shown.get(change.zone()));
        if (!isPartial) {
            shown.remove(change.zone());
            return before.map(gone -> List.of(ViewChange.vanishing(gone), delegate(to, gone, false)))
                    .orElse(List.of());
        }
        ZoneState source = change.after().orElseThrow();
        List<NameRecords> names = names(to, change, source, before.isPresent());
        Zone head = head(source.zone(), place.get(), to);
        ZoneState after = before.map(b -> b.withZone(head))
                .orElseGet(() -> ZoneState.empty(head))
                .with(names)
                .with(settings(source));
        shown.put(change.zone(), after);
        if (before.isEmpty()) {
            return List.of(delegate(to, after, true), ViewChange.appearing(after));
        }
        Set<DomainName> touched = new HashSet<>();
        names.forEach(name -> touched.add(name.name()));
        return List.of(new ViewChange(place.get(), before, Optional.of(after), touched));
    }

    /** Of the zone itself; they also say whether it proxies, and which CNAMEs it flattens when it does not. */
    private static Document settings(ZoneState source) {
        return source.document(DnsSettings.KEY).orElseGet(() -> new Document(DnsSettings.KEY, NONE, Optional.empty()));
    }

    private static Zone head(Zone partial, DomainName place, PartialSuffix to) {
        return new Zone(
                partial.id(),
                place,
                ZoneType.FULL,
                partial.status(),
                partial.paused(),
                partial.version(),
                partial.serial(),
                to.nameServers(),
                partial.createdOn(),
                partial.modifiedOn(),
                partial.activatedOn());
    }

    private static Zone topZone(PartialSuffix suffix, int serial) {
        return new Zone(
                "",
                suffix.name(),
                ZoneType.FULL,
                ZoneStatus.ACTIVE,
                false,
                1,
                serial,
                suffix.nameServers(),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }

    /** The suffix with or without a name for that zone. */
    private ViewChange delegate(PartialSuffix to, ZoneState zone, boolean isThere) {
        ZoneState before = top.orElseThrow();
        int serial = before.zone().serial() + 1;
        Zone head = topZone(to, zone.zone().serial() - serial > 0 ? zone.zone().serial() : serial);
        DomainName name = zone.zone().name();
        List<Record> records = isThere ? List.of(delegation(zone.zone(), to)) : List.of();
        ZoneState after = before.withZone(head).with(new NameRecords(name, NONE, records));
        top = Optional.of(after);
        return new ViewChange(to.name(), Optional.of(before), top, Set.of(name));
    }

    /** Never answered: the zone that it leads to is in the same table. */
    private static Record delegation(Zone zone, PartialSuffix to) {
        DomainName server = to.nameServers().getFirst();
        return new Record(
                zone.id(),
                zone.name(),
                RecordType.NS,
                server.toString(),
                OptionalInt.empty(),
                Ttl.AUTO,
                false,
                RecordSettings.NONE,
                "",
                List.of(),
                zone.createdOn(),
                zone.modifiedOn(),
                Rdata.of(server.wire()));
    }

    /** What the changed names answer below the suffix; all names where nothing is shown yet or a delegation came or went. */
    private List<NameRecords> names(PartialSuffix to, ViewChange change, ZoneState source, boolean isShown) {
        Set<DomainName> names = new HashSet<>(change.names());
        if (!isShown || names.stream().anyMatch(name -> isCut(change.before(), name) || isCut(change.after(), name))) {
            names.addAll(source.names().keySet());
        }
        List<NameRecords> renamed = new ArrayList<>(names.size());
        for (DomainName name : names) {
            Optional<DomainName> place = to.place(name);
            List<Record> records = proxied(source, name);
            if (place.isPresent() && (isShown || !records.isEmpty())) {
                renamed.add(new NameRecords(
                        place.get(),
                        NONE,
                        records.stream()
                                .map(r -> new Record(place.get(), r.row()))
                                .toList()));
            } else if (place.isEmpty() && !records.isEmpty()) {
                LOG.warn("{} is not answered below {}: the name would be too long", name, to.name());
            }
        }
        return renamed;
    }

    /** What the proxy would take requests of that name by; nothing where the name is DNS only or not the zone's own. */
    private static List<Record> proxied(ZoneState source, DomainName name) {
        Optional<NameRecords> at = source.at(name).filter(NameRecords::isProxied);
        return at.isEmpty() || isDelegated(source, name)
                ? List.of()
                : at.get().records().stream()
                        .filter(record -> record.type().isProxiable())
                        .toList();
    }

    private static boolean isDelegated(ZoneState source, DomainName name) {
        Optional<DomainName> at = Optional.of(name);
        while (at.isPresent() && at.get().isBelow(source.zone().name())) {
            if (isCut(Optional.of(source), at.get())) {
                return true;
            }
            at = at.get().parent();
        }
        return false;
    }

    private static boolean isCut(Optional<ZoneState> zone, DomainName name) {
        return zone.filter(z -> !name.equals(z.zone().name()))
                .flatMap(z -> z.at(name))
                .filter(at -> at.records().stream().anyMatch(r -> r.type() == RecordType.NS))
                .isPresent();
    }
}
