package io.anycastle.core.store.state;

import io.anycastle.core.model.DomainName;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/** All zones as the journal knows them: an immutable value. */
public record StoreImage(HashPMap<DomainName, ZoneImage> zones) {
    public static final StoreImage EMPTY = new StoreImage(HashTreePMap.empty());

    public ZoneImage zone(DomainName name) {
        return zones.getOrDefault(name, ZoneImage.NONE);
    }

    public StoreImage with(DomainName name, ZoneImage zone) {
        return new StoreImage(zone.isNever() ? zones.minus(name) : zones.plus(name, zone));
    }

    public StoreImage with(ZoneDelta delta) {
        return with(delta.zone(), zone(delta.zone()).with(delta));
    }

    /**
     * Forgets deletions of names and documents older than that: what a zone has seen still tells that they were deleted. That a zone was
     * deleted is never forgotten, since nothing else would tell it to a node that was away for longer and still has the zone.
     */
    public StoreImage withoutTombstonesBefore(long millis) {
        StoreImage kept = this;
        for (var zone : zones.entrySet()) {
            ZoneImage image = zone.getValue();
            if (!image.tombstones().isEmpty() || !image.deadDocuments().isEmpty()) {
                kept = kept.with(zone.getKey(), image.withoutTombstonesBefore(millis));
            }
        }
        return kept;
    }
}
