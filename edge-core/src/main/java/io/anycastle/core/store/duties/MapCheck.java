package io.anycastle.core.store.duties;

import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.store.cluster.ClusterMaps;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks through all names of a state of the store, a batch at a time, and asks for those to be put whose value in the map is not the
 * truth; what may be a client's wish is judged first. What changes meanwhile is put by whoever changes it. Used by one thread.
 */
final class MapCheck {
    private static final int BATCH = 1_000;
    /** Has looked through everything. */
    static final MapCheck DONE = new MapCheck(Collections.emptyIterator());

    private final Iterator<Map.Entry<DomainName, ZoneImage>> zones;
    private DomainName zone = DomainName.of("invalid");
    private Iterator<NameRecords> names = Collections.emptyIterator();

    /** What becomes of a name whose value in the map is not the truth. */
    interface Remedy {
        /** A node's value of other times, or none: the truth is to be put in its place. */
        void put(DomainName zone, Collection<DomainName> names);

        /** A value that no node has written. */
        void judge(String key);
    }

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
    void step(ClusterMaps maps, Remedy remedy) {
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
        look(maps, remedy, batch);
    }

    private void look(ClusterMaps maps, Remedy remedy, List<NameRecords> batch) {
        Map<String, NameRecords> truths = new LinkedHashMap<>();
        batch.forEach(name -> truths.put(ClusterMaps.Key.of(zone, name.name()).text(), name));
        Map<String, HazelcastJsonValue> found = maps.names(truths.keySet());
        List<DomainName> wrong = new ArrayList<>();
        truths.forEach((key, truth) -> {
            HazelcastJsonValue value = found.get(key);
            if (value == null) {
                wrong.add(truth.name());
            } else if (!value.equals(ClusterMaps.nameValue(truth))) {
                if (isWish(value, truth)) {
                    remedy.judge(key);
                } else {
                    wrong.add(truth.name());
                }
            }
        });
        remedy.put(zone, wrong);
    }

    /** Nodes write each value with a stamp of its own: one without a stamp, or under the truth's, is a client's. */
    private static boolean isWish(HazelcastJsonValue value, NameRecords truth) {
        try {
            return ClusterMaps.readName(value)
                    .stamp()
                    .filter(stamp -> !stamp.equals(truth.stamp()))
                    .isEmpty();
        } catch (IOException e) {
            return true;
        }
    }
}
