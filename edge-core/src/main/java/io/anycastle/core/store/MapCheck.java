package io.anycastle.core.store;

import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks through all names of a state of the store, a batch at a time, and asks for those to be put whose value in the map is not the
 * truth. What changes meanwhile is put by whoever changes it. Used by one thread.
 */
final class MapCheck {
    private static final int BATCH = 1_000;
    /** Has looked through everything. */
    static final MapCheck DONE = new MapCheck(Collections.emptyIterator());

    private final Iterator<Map.Entry<DomainName, ZoneImage>> zones;
    private DomainName zone = DomainName.of("invalid");
    private Iterator<NameRecords> names = Collections.emptyIterator();

    private MapCheck(Iterator<Map.Entry<DomainName, ZoneImage>> zones) {
        this.zones = zones;
    }

    static MapCheck of(StoreImage image) {
        return new MapCheck(image.zones().entrySet().iterator());
    }

    boolean isDone() {
        return !names.hasNext() && !zones.hasNext();
    }

    /** Looks through the next batch; blocks for the map's answer. */
    void step(ClusterMaps maps, MapWriter writer) {
        if (!names.hasNext() && zones.hasNext()) {
            Map.Entry<DomainName, ZoneImage> next = zones.next();
            zone = next.getKey();
            names = next.getValue()
                    .state()
                    .map(state -> state.names().values().iterator())
                    .orElse(Collections.emptyIterator());
        }
        List<NameRecords> batch = new ArrayList<>();
        while (names.hasNext() && batch.size() < BATCH) {
            batch.add(names.next());
        }
        look(maps, writer, batch);
    }

    private void look(ClusterMaps maps, MapWriter writer, List<NameRecords> batch) {
        Set<String> keys = new HashSet<>();
        batch.forEach(name -> keys.add(ClusterMaps.Key.of(zone, name.name()).text()));
        Map<String, HazelcastJsonValue> found = maps.names(keys);
        List<DomainName> wrong = new ArrayList<>();
        for (NameRecords name : batch) {
            HazelcastJsonValue value =
                    found.get(ClusterMaps.Key.of(zone, name.name()).text());
            if (value == null || !value.equals(ClusterMaps.nameValue(name))) {
                wrong.add(name.name());
            }
        }
        writer.put(zone, wrong);
    }
}
