package io.anycastle.core.store.state;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * A zone as the journal knows it: what readers see, and what is remembered of its history so that a merge loses nothing and brings
 * nothing back.
 *
 * <p>Two nodes whose images have the same stamp hold the same state: a state only comes from a change of the state before, or from a
 * merge of two. Hence {@code seen}, a version vector (Parker et al. 1983), tells which of two images is behind, and whether a name that
 * one of them lacks is new or was deleted there.
 *
 * @param stamp of the last change of the zone
 * @param headStamp of the last change of the zone's settings
 * @param state empty when the zone is deleted
 * @param tombstones deleted names
 * @param deadDocuments deleted documents
 * @param seen for each node the stamp of its last change that is part of this state
 * @param conflicts what lost in merges, by id
 * @param digest a sum over live names and documents with their stamps, in no order
 */
public record ZoneImage(
        Stamp stamp,
        Stamp headStamp,
        Optional<ZoneState> state,
        HashPMap<DomainName, Stamp> tombstones,
        HashPMap<String, Stamp> deadDocuments,
        HashPMap<String, Stamp> seen,
        HashPMap<String, Conflict> conflicts,
        long digest) {
    private static final Stamp NEVER = new Stamp(0, 0, "");
    public static final ZoneImage NONE = new ZoneImage(
            NEVER,
            NEVER,
            Optional.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            0);

    public ZoneImage with(ZoneDelta delta) {
        if (delta.head().isEmpty()) {
            return new ZoneImage(
                    delta.stamp(),
                    delta.stamp(),
                    Optional.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    seenAfter(delta),
                    conflictsAfter(delta),
                    0);
        }
        ZoneHead head = delta.head().get();
        ZoneState next = state.map(s -> s.withZone(head.zone())).orElseGet(() -> ZoneState.empty(head.zone()));
        HashPMap<DomainName, Stamp> dead = tombstones;
        long sum = digest;
        for (NameRecords records : delta.names()) {
            sum += Digests.of(records)
                    - next.at(records.name()).map(Digests::of).orElse(0L);
            if (records.isTombstone()) {
                dead = dead.plus(records.name(), records.stamp());
            } else if (!dead.isEmpty()) {
                dead = dead.minus(records.name());
            }
        }
        next = next.with(delta.names());
        HashPMap<String, Stamp> deadTexts = deadDocuments;
        for (Document document : delta.documents()) {
            sum += Digests.of(document)
                    - next.document(document.key()).map(Digests::of).orElse(0L);
            next = next.with(document);
            deadTexts = document.isTombstone()
                    ? deadTexts.plus(document.key(), document.stamp())
                    : deadTexts.minus(document.key());
        }
        return new ZoneImage(
                delta.stamp(),
                head.stamp(),
                Optional.of(next),
                dead,
                deadTexts,
                seenAfter(delta),
                conflictsAfter(delta),
                sum);
    }

    private HashPMap<String, Stamp> seenAfter(ZoneDelta delta) {
        HashPMap<String, Stamp> after = seen;
        for (Map.Entry<String, Stamp> one : delta.seen().entrySet()) {
            after = with(after, one.getValue());
        }
        return with(after, delta.stamp());
    }

    private static HashPMap<String, Stamp> with(HashPMap<String, Stamp> seen, Stamp stamp) {
        Stamp last = seen.get(stamp.nodeId());
        return last == null || last.compareTo(stamp) < 0 ? seen.plus(stamp.nodeId(), stamp) : seen;
    }

    private HashPMap<String, Conflict> conflictsAfter(ZoneDelta delta) {
        HashPMap<String, Conflict> after = conflicts.minusAll(delta.losses().settled());
        for (Conflict conflict : delta.losses().added()) {
            after = after.plus(conflict.id(), conflict);
        }
        return after;
    }

    /** Whether the zone never was, as far as is remembered. */
    public boolean isNever() {
        return state.isEmpty() && stamp.equals(NEVER);
    }

    /** Whether a change with that stamp is part of this state's history. */
    public boolean hasSeen(Stamp change) {
        return hasSeen(seen, change);
    }

    /** Whether a change of that node is part of this state. */
    public boolean hasWritten(String nodeId) {
        return seen.containsKey(nodeId);
    }

    public static boolean hasSeen(Map<String, Stamp> seen, Stamp change) {
        Stamp last = seen.get(change.nodeId());
        return change.equals(NEVER) || (last != null && last.compareTo(change) >= 0);
    }

    /** Whether all changes of the other history are part of this one. */
    public boolean hasSeenAll(Map<String, Stamp> other) {
        return other.values().stream().allMatch(this::hasSeen);
    }

    /** The zone without its records; empty when it is deleted. */
    public Optional<ZoneHead> head() {
        return state.map(s -> new ZoneHead(s.zone(), headStamp));
    }

    /** Live and deleted ones. */
    public List<Document> allDocuments() {
        List<Document> all = new ArrayList<>(deadDocuments.size());
        state.ifPresent(s -> all.addAll(s.documents().values()));
        deadDocuments.forEach((key, dead) -> all.add(new Document(key, dead, Optional.empty())));
        return all;
    }

    /** The document, or a tombstone with the last stamp known. */
    public Document document(String key) {
        return state.flatMap(s -> s.document(key))
                .orElseGet(() -> new Document(key, deadDocuments.getOrDefault(key, NEVER), Optional.empty()));
    }

    /** When the name was last written or deleted, as far as is remembered. */
    Stamp stampOf(DomainName name) {
        Optional<NameRecords> live = state.flatMap(s -> s.at(name));
        return live.map(NameRecords::stamp).orElseGet(() -> tombstones.getOrDefault(name, NEVER));
    }

    /** The name's records, or a tombstone with the last stamp known. */
    public NameRecords at(DomainName name) {
        return state.flatMap(s -> s.at(name)).orElseGet(() -> new NameRecords(name, stampOf(name), List.of()));
    }

    public ZoneImage withoutTombstonesBefore(long millis) {
        HashPMap<DomainName, Stamp> kept = tombstones;
        for (var tombstone : tombstones.entrySet()) {
            if (tombstone.getValue().millis() < millis) {
                kept = kept.minus(tombstone.getKey());
            }
        }
        HashPMap<String, Stamp> keptTexts = deadDocuments;
        for (var tombstone : deadDocuments.entrySet()) {
            if (tombstone.getValue().millis() < millis) {
                keptTexts = keptTexts.minus(tombstone.getKey());
            }
        }
        return new ZoneImage(stamp, headStamp, state, kept, keptTexts, seen, conflicts, digest);
    }
}
