package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/** All zones as the journal knows them: an immutable value. */
record StoreImage(HashPMap<DomainName, ZoneImage> zones) {
    static final StoreImage EMPTY = new StoreImage(HashTreePMap.empty());

    ZoneImage zone(DomainName name) {
        return zones.getOrDefault(name, ZoneImage.NONE);
    }

    StoreImage with(DomainName name, ZoneImage zone) {
        return new StoreImage(zone.isNever() ? zones.minus(name) : zones.plus(name, zone));
    }

    StoreImage with(ZoneDelta delta) {
        return with(delta.zone(), zone(delta.zone()).with(delta));
    }

    /** Forgets deletions older than that. */
    StoreImage withoutTombstonesBefore(long millis) {
        StoreImage kept = this;
        for (var zone : zones.entrySet()) {
            ZoneImage image = zone.getValue();
            boolean isOld = image.state().isEmpty() && image.stamp().millis() < millis;
            if (isOld) {
                kept = new StoreImage(kept.zones.minus(zone.getKey()));
            } else if (!image.tombstones().isEmpty()) {
                kept = kept.with(zone.getKey(), image.withoutTombstonesBefore(millis));
            }
        }
        return kept;
    }
}
