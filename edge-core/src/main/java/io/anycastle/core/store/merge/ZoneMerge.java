package io.anycastle.core.store.merge;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.store.plan.ChangePlanner;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import io.anycastle.core.store.state.ZoneImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Joins two states of a zone that went apart. Pure.
 *
 * <p>A value that the other side has seen and moved on from loses without a word: it is history. Where each side holds a value that the
 * other has not seen, the higher stamp wins and the loser becomes a {@link Conflict}. A stamp that is further ahead than the drift bound
 * counts as made now, and its value is stamped anew, so that a wrong clock neither loses its edits nor wins for ever. The unit is a
 * name's records, a document, or the zone's settings; the deletion of a whole zone is set against the zone's last change.
 */
final class ZoneMerge {
    private final ZoneImage mine;
    private final Theirs theirs;
    private final Context context;
    private final List<Conflict> conflicts = new ArrayList<>();
    private final Map<DomainName, NameRecords> names = new LinkedHashMap<>();

    /**
     * The other side, as far as it differs.
     *
     * @param image its state without names
     * @param names its names, and its tombstones, in the places where the two differ
     */
    record Theirs(ZoneImage image, Map<DomainName, NameRecords> names) {}

    /**
     * What a merge takes from the world outside.
     *
     * @param stamp of the merged state, above all stamps of both sides
     * @param ids makes a new id at each call
     * @param stampMillisMax a stamp further ahead is not believed
     */
    record Context(Stamp stamp, Instant now, Supplier<String> ids, long stampMillisMax, int conflictsMax) {}

    private ZoneMerge(ZoneImage mine, Theirs theirs, Context context) {
        this.mine = mine;
        this.theirs = theirs;
        this.context = context;
    }

    /**
     * The delta that leads from either side to the merged state.
     *
     * @param differing this side's names in the places where the two differ
     */
    static ZoneDelta merge(
            DomainName zone, ZoneImage mine, Collection<NameRecords> differing, Theirs theirs, Context context) {
        return new ZoneMerge(mine, theirs, context).merge(zone, differing);
    }

    private ZoneDelta merge(DomainName zone, Collection<NameRecords> differing) {
        ZoneImage other = theirs.image;
        Optional<ZoneHead> head = head();
        if (head.isPresent() && (mine.state().isEmpty() || other.state().isEmpty())) {
            Collection<NameRecords> alive = mine.state().isPresent() ? differing : theirs.names.values();
            alive.stream().filter(n -> !n.isTombstone()).forEach(n -> names.put(n.name(), n));
        } else if (head.isPresent()) {
            Set<DomainName> places = new HashSet<>(theirs.names.keySet());
            differing.forEach(name -> places.add(name.name()));
            places.stream().sorted().forEach(this::mergeName);
            identify();
        }
        List<Document> documents = head.isPresent() ? documents() : List.of();
        Map<String, Stamp> seen = new HashMap<>(mine.seen());
        other.seen().forEach((node, stamp) -> seen.merge(node, stamp, (a, b) -> a.compareTo(b) > 0 ? a : b));
        return new ZoneDelta(
                zone,
                Set.of(mine.stamp(), other.stamp()),
                context.stamp,
                head,
                List.copyOf(names.values()),
                documents,
                seen,
                losses());
    }

    /** The merged head; empty when the zone stays deleted. */
    private Optional<ZoneHead> head() {
        Optional<ZoneHead> a = mine.head();
        Optional<ZoneHead> b = theirs.image.head();
        if (a.isPresent() && b.isPresent()) {
            return Optional.of(settings(a.get(), b.get()));
        }
        if (a.isEmpty() && b.isEmpty()) {
            return Optional.empty();
        }
        ZoneImage alive = a.isPresent() ? mine : theirs.image;
        ZoneImage dead = a.isPresent() ? theirs.image : mine;
        if (alive.hasSeen(dead.stamp()) || isAbove(alive.stamp(), dead.stamp())) {
            if (!alive.hasSeen(dead.stamp())) {
                lose(new Conflict.Deletion(dead.stamp()), alive.stamp());
            }
            return alive.head().map(h -> next(h, h));
        }
        loseAll(alive, dead);
        return Optional.empty();
    }

    /** The zone was deleted on one side: what the other changed meanwhile goes with it, but not unseen. */
    private void loseAll(ZoneImage alive, ZoneImage dead) {
        Collection<NameRecords> candidates =
                mine.state().isPresent() ? alive.state().orElseThrow().names().values() : theirs.names.values();
        candidates.stream()
                .filter(name -> !name.isTombstone() && !dead.hasSeen(name.stamp()))
                .forEach(name -> lose(new Conflict.Name(name), dead.stamp()));
        if (!dead.hasSeen(alive.headStamp())) {
            lose(new Conflict.Settings(alive.state().orElseThrow().zone(), alive.headStamp()), dead.stamp());
        }
    }

    private ZoneHead settings(ZoneHead a, ZoneHead b) {
        if (a.stamp().equals(b.stamp())) {
            return next(a, b);
        }
        boolean knownThere = theirs.image.hasSeen(a.stamp());
        boolean knownHere = mine.hasSeen(b.stamp());
        boolean isMine = knownThere == knownHere ? isAbove(a.stamp(), b.stamp()) : knownHere;
        ZoneHead winner = isMine ? a : b;
        ZoneHead loser = isMine ? b : a;
        if (!knownThere && !knownHere && !winner.zone().hasSettingsOf(loser.zone())) {
            lose(new Conflict.Settings(loser.zone(), loser.stamp()), winner.stamp());
        }
        return next(winner, loser);
    }

    /** The head with a version and a serial above both sides'. */
    private ZoneHead next(ZoneHead winner, ZoneHead other) {
        Zone zone = winner.zone();
        long version = Math.max(zone.version(), other.zone().version()) + 1;
        int serial = zone.serial() - other.zone().serial() > 0
                ? zone.serial()
                : other.zone().serial();
        Stamp stamp = isCredible(winner.stamp()) ? winner.stamp() : context.stamp;
        return new ZoneHead(zone.at(version, ChangePlanner.nextSerial(serial, context.now), context.now), stamp);
    }

    private void mergeName(DomainName name) {
        NameRecords here = mine.at(name);
        NameRecords there = theirs.names.getOrDefault(name, new NameRecords(name, ZoneImage.NONE.stamp(), List.of()));
        if (here.stamp().equals(there.stamp())) {
            return;
        }
        boolean isMine = isMine(here.stamp(), there.stamp());
        NameRecords winner = isMine ? here : there;
        NameRecords loser = isMine ? there : here;
        boolean isConflict = !mine.hasSeen(there.stamp())
                && !theirs.image.hasSeen(here.stamp())
                && !haveSameContent(winner.records(), loser.records());
        if (isConflict) {
            lose(new Conflict.Name(loser), winner.stamp());
        }
        boolean isNever = winner.stamp().equals(ZoneImage.NONE.stamp());
        boolean keepsStamp = !isNever && isCredible(winner.stamp());
        names.put(name, keepsStamp ? winner : winner.at(context.stamp));
    }

    /** Whether this side's value stands. What is absent without a tombstone was deleted long ago by whoever has seen the other's. */
    private boolean isMine(Stamp here, Stamp there) {
        boolean knownThere = theirs.image.hasSeen(here);
        boolean knownHere = mine.hasSeen(there);
        if (knownThere != knownHere) {
            return knownHere;
        }
        Stamp never = ZoneImage.NONE.stamp();
        if (knownHere && (here.equals(never) || there.equals(never))) {
            return here.equals(never);
        }
        return isAbove(here, there);
    }

    private static boolean haveSameContent(List<Record> a, List<Record> b) {
        return a.size() == b.size() && contents(a).equals(contents(b));
    }

    private static Set<List<Object>> contents(List<Record> records) {
        Set<List<Object>> contents = new HashSet<>();
        for (Record r : records) {
            contents.add(List.of(
                    r.type(), r.rdata(), r.ttl(), r.proxied(), r.settings(), r.comment(), r.tags(), r.priority()));
        }
        return contents;
    }

    /** A record that was moved on one side and edited on the other lies at two names now: the older copy gets an id of its own. */
    private void identify() {
        Map<String, NameRecords> owners = new HashMap<>();
        List<NameRecords> newestFirst = names.values().stream()
                .sorted(Comparator.comparing(NameRecords::stamp).reversed())
                .toList();
        for (NameRecords name : newestFirst) {
            List<Record> records = new ArrayList<>();
            for (Record record : name.records()) {
                boolean isTaken = owners.containsKey(record.id()) || liesElsewhere(record);
                Record own = isTaken ? record.withId(context.ids.get()) : record;
                owners.put(own.id(), name);
                records.add(own);
            }
            if (!records.equals(name.records())) {
                names.put(name.name(), new NameRecords(name.name(), context.stamp, records, name.unknown()));
            }
        }
    }

    private boolean liesElsewhere(Record record) {
        Optional<DomainName> owner =
                mine.state().flatMap(s -> s.record(record.id())).map(Record::name);
        return owner.isPresent() && !owner.get().equals(record.name()) && !names.containsKey(owner.get());
    }

    private List<Document> documents() {
        Map<String, Document> there = new HashMap<>();
        theirs.image.allDocuments().forEach(d -> there.put(d.key(), d));
        Set<String> keys = new HashSet<>(there.keySet());
        mine.allDocuments().forEach(d -> keys.add(d.key()));
        List<Document> merged = new ArrayList<>();
        keys.stream()
                .sorted()
                .forEach(key -> document(mine.document(key), Optional.ofNullable(there.get(key)))
                        .ifPresent(merged::add));
        return merged;
    }

    private Optional<Document> document(Document here, Optional<Document> other) {
        Document there = other.orElse(new Document(here.key(), ZoneImage.NONE.stamp(), Optional.empty()));
        if (here.stamp().equals(there.stamp())) {
            return Optional.empty();
        }
        boolean isMine = isMine(here.stamp(), there.stamp());
        Document winner = isMine ? here : there;
        Document loser = isMine ? there : here;
        boolean isConflict = !Document.isObserved(here.key())
                && !mine.hasSeen(there.stamp())
                && !theirs.image.hasSeen(here.stamp())
                && !winner.json().equals(loser.json());
        if (isConflict) {
            lose(new Conflict.Text(loser), winner.stamp());
        }
        boolean keepsStamp = !winner.stamp().equals(ZoneImage.NONE.stamp()) && isCredible(winner.stamp());
        return Optional.of(keepsStamp ? winner : winner.at(context.stamp));
    }

    private void lose(Conflict.Lost lost, Stamp winner) {
        conflicts.add(new Conflict(context.ids.get(), context.stamp, winner, lost));
    }

    /** Conflicts of both sides that neither has settled, and the new ones; the oldest give way where there are too many. */
    private ZoneDelta.Losses losses() {
        List<Conflict> added = new ArrayList<>(conflicts);
        theirs.image.conflicts().values().stream()
                .filter(c -> !mine.conflicts().containsKey(c.id()) && !mine.hasSeen(c.merged()))
                .forEach(added::add);
        Set<String> settled = new HashSet<>();
        mine.conflicts().values().stream()
                .filter(c -> !theirs.image.conflicts().containsKey(c.id()) && theirs.image.hasSeen(c.merged()))
                .forEach(c -> settled.add(c.id()));
        // the other side starts from its own list: what it still has and this side settled is named too
        theirs.image.conflicts().values().stream()
                .filter(c -> !mine.conflicts().containsKey(c.id()) && mine.hasSeen(c.merged()))
                .forEach(c -> settled.add(c.id()));
        mine.conflicts().values().stream()
                .filter(c ->
                        !settled.contains(c.id()) && !theirs.image.conflicts().containsKey(c.id()))
                .forEach(added::add);
        added.sort(Comparator.comparing(Conflict::merged).thenComparing(Conflict::id));
        int kept = (int) mine.conflicts().keySet().stream()
                .filter(id -> !settled.contains(id))
                .filter(id -> added.stream().noneMatch(c -> c.id().equals(id)))
                .count();
        int tooMany = Math.max(0, added.size() + kept - context.conflictsMax);
        return new ZoneDelta.Losses(added.subList(Math.min(tooMany, added.size()), added.size()), settled);
    }

    private boolean isCredible(Stamp stamp) {
        return stamp.millis() <= context.stampMillisMax;
    }

    private boolean isAbove(Stamp a, Stamp b) {
        long aMillis = Math.min(a.millis(), context.stampMillisMax);
        long bMillis = Math.min(b.millis(), context.stampMillisMax);
        return aMillis == bMillis ? a.compareTo(b) > 0 : aMillis > bMillis;
    }

    /**
     * What leads a node whose state is history to the other side's state, stamp and all.
     *
     * @param differing this side's names in the places where the two differ
     */
    static ZoneDelta catchUp(DomainName zone, ZoneImage mine, Collection<NameRecords> differing, Theirs theirs) {
        ZoneImage other = theirs.image;
        Map<DomainName, NameRecords> names = new LinkedHashMap<>();
        differing.stream()
                .filter(n -> !n.isTombstone() && !theirs.names.containsKey(n.name()))
                .forEach(n -> names.put(n.name(), new NameRecords(n.name(), other.stamp(), List.of())));
        theirs.names.values().stream()
                .filter(n -> !mine.at(n.name()).stamp().equals(n.stamp()))
                .forEach(n -> names.put(n.name(), n));
        List<Document> documents = new ArrayList<>(other.allDocuments());
        Set<String> keys = new HashSet<>();
        documents.forEach(d -> keys.add(d.key()));
        mine.allDocuments().stream()
                .filter(d -> !keys.contains(d.key()))
                .forEach(d -> documents.add(new Document(d.key(), other.stamp(), Optional.empty())));
        Set<String> settled = new HashSet<>(mine.conflicts().keySet());
        settled.removeAll(other.conflicts().keySet());
        return new ZoneDelta(
                zone,
                Set.of(mine.stamp()),
                other.stamp(),
                other.head(),
                List.copyOf(names.values()),
                documents,
                other.seen(),
                new ZoneDelta.Losses(List.copyOf(other.conflicts().values()), settled));
    }

    /** The image of which a zone's outline tells everything but the names. */
    static ZoneImage imageOf(ZoneDelta rest) {
        return ZoneImage.NONE.with(rest);
    }
}
