package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one change set did to a zone: the unit of the journal.
 *
 * @param stamp of the zone's head
 * @param head the zone's next head; empty when the zone is gone and its records with it
 * @param names each changed name's records, or its tombstone
 */
record ZoneDelta(DomainName zone, Stamp stamp, Optional<Zone> head, List<NameRecords> names) {
    ZoneDelta {
        names = List.copyOf(names);
    }

    /** What leads to a planned state. */
    static ZoneDelta to(DomainName zone, Stamp stamp, Optional<ZoneState> after, Set<DomainName> changed) {
        if (after.isEmpty()) {
            return new ZoneDelta(zone, stamp, Optional.empty(), List.of());
        }
        List<NameRecords> names = changed.stream()
                .sorted()
                .map(name -> after.get().at(name).orElseGet(() -> new NameRecords(name, stamp, List.of())))
                .toList();
        return new ZoneDelta(zone, stamp, Optional.of(after.get().zone()), names);
    }

    Set<DomainName> changedNames() {
        return names.stream().map(NameRecords::name).collect(Collectors.toUnmodifiableSet());
    }
}
