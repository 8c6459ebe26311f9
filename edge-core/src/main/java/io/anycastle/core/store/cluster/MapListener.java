package io.anycastle.core.store.cluster;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.MapEvent;
import com.hazelcast.map.impl.DataAwareEntryEvent;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.map.listener.MapClearedListener;
import com.hazelcast.map.listener.MapEvictedListener;
import java.util.Optional;

/**
 * Hears of every change of a cluster map, as writes and removals. Clients may put what they like: what is no key or no value of ours, or
 * nothing that this node agrees to read at all, is told apart here.
 */
public final class MapListener
        implements EntryAddedListener<Object, Object>,
                EntryUpdatedListener<Object, Object>,
                EntryRemovedListener<Object, Object>,
                MapClearedListener,
                MapEvictedListener {
    private final Watch watch;

    /** Who is told. */
    public interface Watch {
        /** @param value empty when it is no JSON */
        void written(String key, Optional<HazelcastJsonValue> value);

        /** Without a key, everything was. */
        void removed(Optional<String> key);

        /** Something was written under a key that is no text. */
        void writtenAtNoText(Object key);
    }

    public MapListener(Watch watch) {
        this.watch = watch;
    }

    @Override
    public void entryAdded(EntryEvent<Object, Object> event) {
        written(event);
    }

    @Override
    public void entryUpdated(EntryEvent<Object, Object> event) {
        written(event);
    }

    private void written(EntryEvent<Object, Object> event) {
        Object key = key(event);
        if (key instanceof String text) {
            watch.written(text, value(event));
        } else {
            watch.writtenAtNoText(key);
        }
    }

    @Override
    public void entryRemoved(EntryEvent<Object, Object> event) {
        if (key(event) instanceof String text) {
            watch.removed(Optional.of(text));
        }
    }

    /** The key; in its binary form, which maps take as well, where it is of a class that is not read here. */
    private static Object key(EntryEvent<Object, Object> event) {
        try {
            return event.getKey();
        } catch (RuntimeException e) {
            return event instanceof DataAwareEntryEvent<?, ?> binary ? binary.getKeyData() : e;
        }
    }

    private static Optional<HazelcastJsonValue> value(EntryEvent<Object, Object> event) {
        try {
            return event.getValue() instanceof HazelcastJsonValue json ? Optional.of(json) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty(); // of a class that is not read here
        }
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
