package io.anycastle.core.store;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.MapEvent;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.map.listener.MapClearedListener;
import com.hazelcast.map.listener.MapEvictedListener;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what Hazelcast clients write into the cluster maps into change sets, or puts the truth back and says why.
 *
 * <p>An event only says where to look: what the map holds is compared with what this node knows, under the zone's lock, so that late,
 * doubled and lost events do no harm. Nothing reaches the view but through the {@link ChangePath}.
 */
final class ForeignWrites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignWrites.class);

    private final Journal journal;
    private final ChangePath path;
    private final ZoneLocks locks;
    private final StoreCounters counters;
    private final Duration writeTimeout;
    private final BlockingQueue<Look> queue = new LinkedBlockingQueue<>();
    private final Set<Look> queued = ConcurrentHashMap.newKeySet();
    private final Thread worker = new Thread(this::work, "anycastle-foreign-writes");
    private volatile boolean closing;

    /** A place to look at; without a key, everywhere. */
    private record Look(ClusterMaps maps, Optional<String> key, boolean isHead) {}

    ForeignWrites(Journal journal, ChangePath path, ZoneLocks locks, StoreCounters counters, Duration writeTimeout) {
        this.journal = journal;
        this.path = path;
        this.locks = locks;
        this.counters = counters;
        this.writeTimeout = writeTimeout;
        worker.setDaemon(true);
        worker.start();
    }

    /** Listens to both maps from now on, and looks through them once. */
    void follow(ClusterMaps maps) {
        maps.records().addEntryListener(new Listener(maps, false), true);
        maps.zones().addEntryListener(new Listener(maps, true), true);
    }

    /** Notes where to look; called on Hazelcast's event thread, which must not be kept. */
    private final class Listener
            implements EntryAddedListener<String, HazelcastJsonValue>,
                    EntryUpdatedListener<String, HazelcastJsonValue>,
                    EntryRemovedListener<String, HazelcastJsonValue>,
                    MapClearedListener,
                    MapEvictedListener {
        private final ClusterMaps maps;
        private final boolean isHead;

        Listener(ClusterMaps maps, boolean isHead) {
            this.maps = maps;
            this.isHead = isHead;
        }

        @Override
        public void entryAdded(EntryEvent<String, HazelcastJsonValue> event) {
            entryUpdated(event);
        }

        @Override
        public void entryUpdated(EntryEvent<String, HazelcastJsonValue> event) {
            if (!maps.isEcho(event.getKey(), event.getValue())) {
                look(new Look(maps, Optional.of(event.getKey()), isHead));
            }
        }

        @Override
        public void entryRemoved(EntryEvent<String, HazelcastJsonValue> event) {
            look(new Look(maps, Optional.of(event.getKey()), isHead));
        }

        @Override
        public void mapCleared(MapEvent event) {
            look(new Look(maps, Optional.empty(), isHead));
        }

        @Override
        public void mapEvicted(MapEvent event) {
            look(new Look(maps, Optional.empty(), isHead));
        }
    }

    private void look(Look look) {
        if (queued.add(look)) {
            queue.add(look);
        }
    }

    private void work() {
        while (!closing) {
            try {
                Look look = queue.take();
                queued.remove(look);
                follow(look);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("a foreign write could not be looked at: {}", e.toString());
            }
        }
    }

    private void follow(Look look) {
        if (look.key.isEmpty()) {
            refuseClearing(look.maps);
        } else if (look.isHead) {
            followHead(look.maps, look.key.get());
        } else {
            followName(look.maps, look.key.get());
        }
    }

    /** Emptying a whole map is never meant as the deletion of every zone. */
    private void refuseClearing(ClusterMaps maps) {
        refused("a whole map was emptied", "delete zones or names one by one");
        path.fill(maps);
    }

    private void followHead(ClusterMaps maps, String key) {
        DomainName zone;
        try {
            zone = DomainName.of(key);
        } catch (InvalidName e) {
            if (maps.zones().remove(key) != null) {
                refused(key, String.valueOf(e.getMessage()));
            }
            return;
        }
        ReentrantLock lock = locks.of(zone);
        lock.lock();
        try {
            judgeHead(maps, zone);
        } finally {
            lock.unlock();
        }
    }

    /** Makes the zone's head in the map and the truth the same, one way or the other. The caller holds the zone's lock. */
    void judgeHead(ClusterMaps maps, DomainName zone) {
        Optional<HazelcastJsonValue> head = maps.head(zone);
        ZoneImage image = journal.image().zone(zone);
        if (ChangePath.isTruth(zone, image, head)) {
            return;
        }
        try {
            ChangeSet change = new ChangeSet(zone, OptionalLong.empty(), headEdits(image, head));
            var errand = new ChangePath.Errand(change, maps, Deadline.in(writeTimeout), head::equals, o -> {});
            if (isApplied(zone.toString(), path.attempt(errand))) {
                return;
            }
        } catch (IOException e) {
            refused(zone.toString(), String.valueOf(e.getMessage()));
        }
        if (image.isNever()) {
            maps.removeHead(zone);
        } else {
            maps.putHead(zone, ClusterMaps.headValue(zone, image));
        }
    }

    private static List<Edit> headEdits(ZoneImage image, Optional<HazelcastJsonValue> head) throws IOException {
        if (head.isEmpty()) {
            return List.of(new Edit.DeleteZone());
        }
        ZoneFields fields = ClusterMaps.readHead(head.get());
        if (fields.deleted) {
            return List.of(new Edit.DeleteZone());
        }
        List<Edit> edits = new ArrayList<>();
        if (image.state().isEmpty()) {
            edits.add(new Edit.CreateZone(fields.type.orElse(ZoneType.FULL), fields.nameServers));
            edits.add(new Edit.ChangeZone(fields.status, fields.paused, Optional.empty()));
        } else {
            edits.add(new Edit.ChangeZone(fields.status, fields.paused, fields.type));
        }
        return edits;
    }

    private void followName(ClusterMaps maps, String text) {
        Optional<ClusterMaps.Key> key = ClusterMaps.Key.parse(text);
        if (key.isEmpty()) {
            if (maps.records().remove(text) != null) {
                refused(text, "expected a key like example.com/www.example.com");
            }
            return;
        }
        ReentrantLock lock = locks.of(key.get().zone());
        lock.lock();
        try {
            judgeName(maps, key.get().zone(), key.get().name().orElseThrow());
        } finally {
            lock.unlock();
        }
    }

    private void judgeName(ClusterMaps maps, DomainName zone, DomainName name) {
        String key = ClusterMaps.Key.of(zone, name).text();
        Optional<HazelcastJsonValue> value = Optional.ofNullable(maps.records().get(key));
        ZoneImage image = journal.image().zone(zone);
        NameRecords truth = image.at(name);
        boolean isTruth = value.map(ClusterMaps.nameValue(truth)::equals).orElse(truth.isTombstone());
        if (isTruth) {
            return;
        }
        try {
            List<RecordFields> wanted =
                    value.isPresent() ? ClusterMaps.readName(value.get()).records() : List.of();
            ChangeSet change = new ChangeSet(zone, OptionalLong.empty(), nameEdits(image, name, wanted));
            isApplied(key, attempt(new ChangePath.Errand(change, maps, Deadline.in(writeTimeout))));
        } catch (IOException e) {
            refused(key, String.valueOf(e.getMessage()));
        }
        restore(maps, zone, name);
    }

    private Optional<ChangeOutcome> attempt(ChangePath.Errand errand) {
        Optional<ChangeOutcome> outcome = path.attempt(errand);
        if (outcome.isEmpty()) {
            judgeHead(errand.maps(), errand.zone());
            outcome = path.attempt(errand);
        }
        return outcome;
    }

    /** Puts this node's own value, also after an accepted write: the map holds every value in its full form. */
    private void restore(ClusterMaps maps, DomainName zone, DomainName name) {
        ZoneImage image = journal.image().zone(zone);
        NameRecords truth = image.at(name);
        if (truth.isTombstone() && !image.tombstones().containsKey(name)) {
            maps.removeNames(zone, List.of(name));
        } else {
            maps.putNames(zone, List.of(truth));
        }
    }

    /** The edits that leave the name with just those records; a record keeps its id where id, or type and content, say it is the same. */
    private static List<Edit> nameEdits(ZoneImage image, DomainName name, List<RecordFields> wanted) {
        Optional<ZoneState> state = image.state();
        List<Record> old = new ArrayList<>(
                state.flatMap(s -> s.at(name)).map(NameRecords::records).orElse(List.of()));
        List<Edit> writes = new ArrayList<>();
        for (RecordFields fields : wanted) {
            Optional<Record> same = old.stream().filter(r -> isSame(r, fields)).findFirst();
            same.ifPresent(old::remove);
            writes.add(same.<Edit>map(r -> new Edit.ReplaceRecord(r.id(), fields.draft(name)))
                    .orElseGet(() -> new Edit.CreateRecord(fields.draft(name))));
        }
        List<Edit> edits = old.stream()
                .map(r -> (Edit) new Edit.DeleteRecord(r.id()))
                .collect(Collectors.toCollection(ArrayList::new));
        edits.addAll(writes);
        return edits;
    }

    private static boolean isSame(Record record, RecordFields fields) {
        return fields.id.isPresent()
                ? fields.id.get().equals(record.id())
                : record.type().name().equalsIgnoreCase(fields.type)
                        && record.content().equals(fields.content);
    }

    private boolean isApplied(String key, Optional<ChangeOutcome> outcome) {
        if (outcome.isEmpty()) {
            refused(key, "lost a race, write it again");
            return false;
        }
        String reason = switch (outcome.get()) {
            case ChangeOutcome.Applied ignored -> "";
            case ChangeOutcome.Invalid invalid ->
                invalid.errors().stream().map(e -> e.error().sentence()).collect(Collectors.joining("; "));
            case ChangeOutcome.VersionConflict conflict -> "the zone is at version " + conflict.currentVersion();
            case ChangeOutcome.Unavailable unavailable -> unavailable.reason();
            case ChangeOutcome.Unknown unknown -> unknown.reason();
        };
        if (reason.isEmpty()) {
            counters.foreignAccepted.increment();
            return true;
        }
        refused(key, reason);
        return false;
    }

    private void refused(String key, String reason) {
        counters.foreignRefused.increment();
        LOG.warn("a write into the cluster map at '{}' is refused and taken back: {}", escaped(key), escaped(reason));
    }

    /** A stranger's text on one line of the log, at most 300 characters of it. */
    private static String escaped(String text) {
        String shown = text.length() > 300 ? text.substring(0, 300) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void close() {
        closing = true;
        worker.interrupt();
    }
}
