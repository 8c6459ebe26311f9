package io.anycastle.core.store.state;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.UnknownFields;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What leads from one state of a zone to the next: the unit of the journal and of replication.
 *
 * @param bases the stamps of the states that it leads on from: one, or the two that a merge joins
 * @param stamp of the state that it leads to
 * @param head the zone's next head; empty when the zone is gone and its records with it
 * @param names each changed name's records, or its tombstone
 * @param documents each changed document, or its tombstone
 * @param seen what a merge or a catching-up adds to the zone's history; an ordinary change adds only itself
 * @param losses what a merge adds to and an operator takes from the list of conflicts
 * @param unknown what a newer version has added to the delta itself; it stays in the journal, no state remembers it
 */
public record ZoneDelta(
        DomainName zone,
        Set<Stamp> bases,
        Stamp stamp,
        Optional<ZoneHead> head,
        List<NameRecords> names,
        List<Document> documents,
        Map<String, Stamp> seen,
        Losses losses,
        UnknownFields unknown) {
    public ZoneDelta(
            DomainName zone,
            Set<Stamp> bases,
            Stamp stamp,
            Optional<ZoneHead> head,
            List<NameRecords> names,
            List<Document> documents,
            Map<String, Stamp> seen,
            Losses losses) {
        this(zone, bases, stamp, head, names, documents, seen, losses, UnknownFields.NONE);
    }

    public ZoneDelta {
        bases = Set.copyOf(bases);
        names = List.copyOf(names);
        documents = List.copyOf(documents);
        seen = Map.copyOf(seen);
    }

    /** Conflicts that appear, and the ids of those that are settled. */
    public record Losses(List<Conflict> added, Set<String> settled) {
        public static final Losses NONE = new Losses(List.of(), Set.of());

        public Losses {
            added = List.copyOf(added);
            settled = Set.copyOf(settled);
        }
    }

    /** What leads from the image to a planned state. */
    public static ZoneDelta to(DomainName zone, Stamp stamp, ZoneImage before, Plan.Planned plan) {
        if (plan.after().isEmpty()) {
            return new ZoneDelta(
                    zone,
                    Set.of(before.stamp()),
                    stamp,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Map.of(),
                    new Losses(List.of(), plan.settled()));
        }
        var after = plan.after().get();
        boolean isSame =
                before.state().map(b -> b.zone().hasSettingsOf(after.zone())).orElse(false);
        List<NameRecords> names = plan.names().stream()
                .sorted()
                .map(name -> after.at(name).orElseGet(() -> new NameRecords(name, stamp, List.of())))
                .toList();
        List<Document> documents = plan.documents().stream()
                .sorted()
                .map(key -> after.document(key).orElseGet(() -> new Document(key, stamp, Optional.empty())))
                .toList();
        return new ZoneDelta(
                zone,
                Set.of(before.stamp()),
                stamp,
                Optional.of(new ZoneHead(after.zone(), isSame ? before.headStamp() : stamp)),
                names,
                documents,
                Map.of(),
                new Losses(List.of(), plan.settled()));
    }

    /** One delta that leads where these lead, one after the other. */
    public static ZoneDelta joined(List<ZoneDelta> run) {
        ZoneDelta last = run.getLast();
        if (run.size() == 1) {
            return last;
        }
        List<NameRecords> names = new ArrayList<>();
        Map<String, Document> documents = new LinkedHashMap<>();
        Map<String, Stamp> seen = new LinkedHashMap<>();
        Map<String, Conflict> conflicts = new LinkedHashMap<>();
        Set<String> settled = new HashSet<>();
        for (ZoneDelta delta : run) {
            names.addAll(delta.names());
            delta.documents().forEach(document -> documents.put(document.key(), document));
            delta.seen().values().forEach(stamp -> hear(seen, stamp));
            hear(seen, delta.stamp());
            conflicts.keySet().removeAll(delta.losses().settled());
            settled.addAll(delta.losses().settled());
            delta.losses().added().forEach(conflict -> conflicts.put(conflict.id(), conflict));
        }
        var losses = new ZoneDelta.Losses(List.copyOf(conflicts.values()), settled);
        return new ZoneDelta(
                last.zone(),
                Set.of(),
                last.stamp(),
                last.head(),
                lastOfEach(names),
                List.copyOf(documents.values()),
                seen,
                losses);
    }

    private static void hear(Map<String, Stamp> seen, Stamp stamp) {
        seen.merge(stamp.nodeId(), stamp, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** Of each name what was said last. Sorts stably: deltas bring their names in order, and merging runs is cheap. */
    private static List<NameRecords> lastOfEach(List<NameRecords> names) {
        if (ZoneState.areInOrder(names)) {
            return names;
        }
        names.sort(Comparator.comparing(NameRecords::name));
        List<NameRecords> each = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            boolean isLast = i + 1 == names.size()
                    || !names.get(i).name().equals(names.get(i + 1).name());
            if (isLast) {
                each.add(names.get(i));
            }
        }
        return each;
    }

    /** The same with those names. */
    public ZoneDelta withNames(List<NameRecords> others) {
        return new ZoneDelta(zone, bases, stamp, head, others, documents, seen, losses, unknown);
    }

    public Set<DomainName> changedNames() {
        return names.stream().map(NameRecords::name).collect(Collectors.toUnmodifiableSet());
    }
}
