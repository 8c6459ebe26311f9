package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * A zone as the journal knows it: what readers see, and what is remembered of deletions so that a later merge cannot bring them back.
 *
 * @param stamp of the last change of the zone; names that were stamped before a deleted zone's stamp are gone with it
 * @param state empty when the zone is deleted
 * @param tombstones deleted names
 */
record ZoneImage(Stamp stamp, Optional<ZoneState> state, HashPMap<DomainName, Stamp> tombstones) {
    private static final Stamp NEVER = new Stamp(0, 0, "");
    static final ZoneImage NONE = new ZoneImage(NEVER, Optional.empty(), HashTreePMap.empty());

    ZoneImage with(ZoneDelta delta) {
        if (delta.head().isEmpty()) {
            return new ZoneImage(delta.stamp(), Optional.empty(), HashTreePMap.empty());
        }
        ZoneState next = state.map(s -> s.withZone(delta.head().get()))
                .orElseGet(() -> ZoneState.empty(delta.head().get()));
        HashPMap<DomainName, Stamp> dead = tombstones;
        for (NameRecords records : delta.names()) {
            next = next.with(records);
            if (records.isTombstone()) {
                dead = dead.plus(records.name(), records.stamp());
            } else if (!dead.isEmpty()) {
                dead = dead.minus(records.name());
            }
        }
        return new ZoneImage(delta.stamp(), Optional.of(next), dead);
    }

    /** Whether the zone never was, as far as is remembered. */
    boolean isNever() {
        return state.isEmpty() && stamp.equals(NEVER);
    }

    /** When the name was last written or deleted, as far as is remembered. */
    Stamp stampOf(DomainName name) {
        Optional<NameRecords> live = state.flatMap(s -> s.at(name));
        return live.map(NameRecords::stamp).orElseGet(() -> tombstones.getOrDefault(name, NEVER));
    }

    /** The name's records, or a tombstone with the last stamp known. */
    NameRecords at(DomainName name) {
        return state.flatMap(s -> s.at(name))
                .orElseGet(() -> new NameRecords(name, stampOf(name), java.util.List.of()));
    }

    ZoneImage withoutTombstonesBefore(long millis) {
        HashPMap<DomainName, Stamp> kept = tombstones;
        for (var tombstone : tombstones.entrySet()) {
            if (tombstone.getValue().millis() < millis) {
                kept = kept.minus(tombstone.getKey());
            }
        }
        return new ZoneImage(stamp, state, kept);
    }
}
