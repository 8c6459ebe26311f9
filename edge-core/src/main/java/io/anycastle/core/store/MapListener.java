package io.anycastle.core.store;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.MapEvent;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.map.listener.MapClearedListener;
import com.hazelcast.map.listener.MapEvictedListener;
import java.util.Optional;

/** Hears of every change of a cluster map, as writes and removals. */
final class MapListener
        implements EntryAddedListener<String, HazelcastJsonValue>,
                EntryUpdatedListener<String, HazelcastJsonValue>,
                EntryRemovedListener<String, HazelcastJsonValue>,
                MapClearedListener,
                MapEvictedListener {
    private final Watch watch;

    /** Who is told. */
    interface Watch {
        void written(String key, HazelcastJsonValue value);

        /** Without a key, everything was. */
        void removed(Optional<String> key);
    }

    MapListener(Watch watch) {
        this.watch = watch;
    }

    @Override
    public void entryAdded(EntryEvent<String, HazelcastJsonValue> event) {
        watch.written(event.getKey(), event.getValue());
    }

    @Override
    public void entryUpdated(EntryEvent<String, HazelcastJsonValue> event) {
        watch.written(event.getKey(), event.getValue());
    }

    @Override
    public void entryRemoved(EntryEvent<String, HazelcastJsonValue> event) {
        watch.removed(Optional.of(event.getKey()));
    }

    @Override
    public void mapCleared(MapEvent event) {
        watch.removed(Optional.empty());
    }

    @Override
    public void mapEvicted(MapEvent event) {
        watch.removed(Optional.empty());
    }
}
