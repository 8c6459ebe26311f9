package io.anycastle.core.store.clients;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.cluster.ClusterMaps;
import io.anycastle.core.store.cluster.MapListener;
import io.anycastle.core.store.cluster.MapWriter;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.plan.RecordFields;
import io.anycastle.core.store.plan.ZoneFields;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.write.ChangePath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what Hazelcast clients write into the cluster maps into change sets, or puts the truth back and says why. The oldest member does
 * this; the others look on.
 *
 * <p>An event only says where to look: what the map holds is compared with what this node knows, under the zone's lock, so that late,
 * doubled and lost events do no harm. A value with a stamp that this node has not seen may be another node's, whose change is still on
 * its way: it is looked at again later. A value with an older stamp is history and replaced. Nothing reaches the view but through the
 * {@link ChangePath}.
 */
public final class ClientWrites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWrites.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int ATTEMPTS = 20;

    private final ChangePath.Parts parts;
    private final ChangePath path;
    private final MapWriter mapWriter;
    private final Comparisons comparisons;
    private final ClientCounters counters;
    private final Duration writeTimeout;
    private final DelayQueue<Look> queue = new DelayQueue<>();
    private final Thread worker = new Thread(this::work, "anycastle-foreign-writes");
    private volatile boolean closing;

    /**
     * A place to look at; without a key, everywhere.
     *
     * @param isRemoval whether the entry was removed: what is merely absent was never put, or lost
     * @param sinceNanos when it was told of, by {@link System#nanoTime}
     * @param dueNanos when it is due
     * @param untilNanos until when an unknown stamp is waited for
     */
    private record Look(
            MembershipSession joined,
            Optional<?> key,
            boolean isHead,
            boolean isRemoval,
            long sinceNanos,
            long dueNanos,
            long untilNanos)
            implements Delayed {
        static Look now(
                MembershipSession joined, Optional<?> key, boolean isHead, boolean isRemoval, Duration patience) {
            long now = System.nanoTime();
            return new Look(joined, key, isHead, isRemoval, now, now, now + patience.toNanos());
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos - ((Look) other).dueNanos, 0);
        }

        Look later() {
            long due = System.nanoTime() + LOOK_AGAIN.toNanos();
            return new Look(joined, key, isHead, isRemoval, sinceNanos, due, untilNanos);
        }

        Look muchLater(Duration time) {
            long due = System.nanoTime() + time.toNanos();
            return new Look(joined, key, isHead, isRemoval, sinceNanos, due, due);
        }
    }

    /** Who compares nodes, whose maps may be behind them. Any thread. */
    public interface Comparisons {
        /** Compares all nodes and fills the maps soon. */
        void compareAllAndMaps();

        /** Compares the zone with that node soon. */
        void compare(DomainName zone, String node);

        /** Whether all zones, or some zone at its wish, were compared with that node in a comparison begun after that time. */
        boolean hasCompared(String node, long sinceNanos);
    }

    public ClientWrites(
            ChangePath.Parts parts,
            ChangePath path,
            MapWriter mapWriter,
            Comparisons comparisons,
            ClientCounters counters,
            Duration writeTimeout) {
        this.parts = parts;
        this.path = path;
        this.mapWriter = mapWriter;
        this.comparisons = comparisons;
        this.counters = counters;
        this.writeTimeout = writeTimeout;
        worker.setDaemon(true);
        worker.start();
    }

    /** Listens to both maps from now on. */
    public void follow(MembershipSession joined) {
        joined.maps().watch(new MapListener(new Watch(joined, true)), new MapListener(new Watch(joined, false)));
    }

    /** Looks at a name's value soon, which somebody found there that is not the truth. */
    public void look(MembershipSession joined, String key) {
        look(Look.now(joined, Optional.of(key), false, false, writeTimeout));
    }

    /** Called on Hazelcast's event thread, which must not be kept. */
    private final class Watch implements MapListener.Watch {
        private final MembershipSession joined;
        private final boolean isHead;

        Watch(MembershipSession joined, boolean isHead) {
            this.joined = joined;
            this.isHead = isHead;
        }

        /** Most writes are those of nodes, and what they hold is known here already. */
        @Override
        public void written(String key, Optional<HazelcastJsonValue> value) {
            boolean isOurs = !isHead && value.filter(json -> isTruth(key, json)).isPresent();
            if (joined.peers().isOldest() && !isOurs) {
                note(Optional.of(key), false);
            }
        }

        @Override
        public void removed(Optional<String> key) {
            if (joined.peers().isOldest()) {
                note(key, true);
            }
        }

        @Override
        public void writtenAtNoText(Object key) {
            if (joined.peers().isOldest()) {
                note(Optional.of(key), false);
            }
        }

        private void note(Optional<?> key, boolean isRemoval) {
            look(Look.now(joined, key, isHead, isRemoval, writeTimeout));
        }
    }

    private boolean isTruth(String text, HazelcastJsonValue value) {
        return ClusterMaps.Key.parse(text)
                .map(key ->
                        parts.journal().image().zone(key.zone()).at(key.name().orElseThrow()))
                .filter(truth -> value.equals(ClusterMaps.nameValue(truth)))
                .isPresent();
    }

    private void look(Look look) {
        queue.add(look);
    }

    private void work() {
        while (!closing) {
            try {
                follow(queue.take());
            } catch (InterruptedException e) {
                return;
            } catch (HazelcastInstanceNotActiveException e) {
                queue.clear(); // this node is not in the cluster any more; when it is again, the maps are compared
                // with the truth
            } catch (RuntimeException e) {
                LOG.warn("a foreign write could not be looked at: {}", e.toString());
            }
        }
    }

    private void follow(Look look) {
        if (look.key.isEmpty()) {
            refuseClearing();
        } else if (!(look.key.get() instanceof String key)) {
            refuseKey(look, look.key.get());
        } else if (look.isHead) {
            followHead(look, key);
        } else {
            followName(look, key);
        }
    }

    private void refuseKey(Look look, Object key) {
        ClusterMaps maps = look.joined.maps();
        if (look.isHead ? maps.clearHead(key) : maps.clearName(key)) {
            refused("a key that is no text", "expected a key like example.com or example.com/www.example.com");
        }
    }

    /** Emptying a whole map is never meant as the deletion of every zone. */
    private void refuseClearing() {
        refused("a whole map was emptied", "delete zones or names one by one");
        comparisons.compareAllAndMaps();
    }

    private void followHead(Look look, String key) {
        DomainName zone;
        try {
            zone = DomainName.of(key);
        } catch (InvalidNameException e) {
            if (look.joined.maps().clearHead(key)) {
                refused(key, String.valueOf(e.getMessage()));
            }
            return;
        }
        ReentrantLock lock = parts.locks().of(zone);
        lock.lock();
        try {
            judgeHead(look, zone);
        } finally {
            lock.unlock();
        }
    }

    /** Makes the zone's head in the map and the truth the same, one way or the other. The caller holds the zone's lock. */
    private void judgeHead(Look look, DomainName zone) {
        ClusterMaps maps = look.joined.maps();
        Optional<HazelcastJsonValue> head = maps.head(zone);
        ZoneImage image = parts.journal().image().zone(zone);
        if (ChangePath.isTruth(zone, image, head)) {
            return;
        }
        Optional<Stamp> stamp = head.flatMap(ClusterMaps::stampOf);
        if (stamp.isPresent() && !image.hasSeen(stamp.get())) {
            lookAgain(look, () -> comparisons.compare(zone, stamp.get().nodeId()));
            return;
        }
        if (head.isEmpty() && !look.isRemoval) {
            return; // its removal is told next, or it was lost, which the leader mends
        }
        boolean isHistory = stamp.isPresent() && !stamp.get().equals(image.stamp());
        if (!isHistory && isTaken(look, zone, image, head)) {
            return;
        }
        if (image.isNever()) {
            maps.removeHead(zone);
        } else {
            maps.swapHead(zone, head, ClusterMaps.headValue(zone, image));
        }
    }

    private boolean isTaken(Look look, DomainName zone, ZoneImage image, Optional<HazelcastJsonValue> head) {
        try {
            ChangeSet change = new ChangeSet(zone, OptionalLong.empty(), headEdits(image, head));
            var changeAttempt =
                    new ChangePath.ChangeAttempt(change, look.joined, Deadline.in(writeTimeout), head::equals);
            return isApplied(zone.toString(), path.attempt(changeAttempt));
        } catch (IOException e) {
            refused(zone.toString(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void lookAgain(Look look, Runnable whenTooLate) {
        if (System.nanoTime() < look.untilNanos) {
            look(look.later());
        } else {
            whenTooLate.run();
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
            // who writes a zone's head names its status whatever he changes; one that is as it was is no wish
            Zone now = image.state().get().zone();
            var status = fields.status.filter(wanted -> wanted != now.status());
            edits.add(new Edit.ChangeZone(status, fields.paused, fields.type));
        }
        return edits;
    }

    private void followName(Look look, String text) {
        Optional<ClusterMaps.Key> key = ClusterMaps.Key.parse(text);
        if (key.isEmpty()) {
            if (look.joined.maps().clearName(text)) {
                refused(text, "expected a key like example.com/www.example.com");
            }
            return;
        }
        DomainName zone = key.get().zone();
        ReentrantLock lock = parts.locks().of(zone);
        lock.lock();
        try {
            judgeName(look, zone, key.get().name().orElseThrow());
        } finally {
            lock.unlock();
        }
    }

    private void judgeName(Look look, DomainName zone, DomainName name) {
        String key = ClusterMaps.Key.of(zone, name).text();
        Optional<HazelcastJsonValue> value = look.joined.maps().name(key);
        ZoneImage image = parts.journal().image().zone(zone);
        NameRecords truth = image.at(name);
        if (value.map(ClusterMaps.nameValue(truth)::equals).orElse(truth.isTombstone() || !look.isRemoval)) {
            return; // what is absent without a removal was lost, which the leader mends, or its removal is told next
        }
        try {
            Optional<ClusterMaps.NameValue> read =
                    value.isPresent() ? Optional.of(ClusterMaps.readName(value.get())) : Optional.empty();
            Optional<Stamp> stamp = read.flatMap(ClusterMaps.NameValue::stamp);
            if (stamp.isPresent() && !image.hasSeen(stamp.get())) {
                lookAgain(look, () -> judgeUnknown(look, new At(zone, name, key), stamp.get(), value));
                return;
            }
            boolean isHistory = stamp.isPresent() && !stamp.get().equals(truth.stamp());
            if (!isHistory) {
                List<RecordFields> wanted =
                        read.map(ClusterMaps.NameValue::records).orElse(List.of());
                ChangeSet change = new ChangeSet(zone, OptionalLong.empty(), nameEdits(image, name, wanted));
                isApplied(key, attempt(new ChangePath.ChangeAttempt(change, look.joined, Deadline.in(writeTimeout))));
            }
        } catch (IOException e) {
            refused(key, String.valueOf(e.getMessage()));
        }
        restore(look, zone, name, value);
    }

    /** A name of a zone and its key in the map. */
    private record At(DomainName zone, DomainName name, String key) {}

    /**
     * A value whose stamp is still not known here. That of a node of the cluster is no stranger's: the way to it may be cut. It is
     * compared with, and once it was, or has left, the value gives way.
     */
    private void judgeUnknown(Look look, At at, Stamp stamp, Optional<HazelcastJsonValue> value) {
        String writer = stamp.nodeId();
        boolean isMember = look.joined.peers().node(writer).isPresent();
        if (isMember && !comparisons.hasCompared(writer, look.sinceNanos)) {
            comparisons.compare(at.zone, writer);
            look(look.muchLater(writeTimeout));
            return;
        }
        if (isMember || !parts.journal().image().zone(at.zone).hasWritten(writer)) {
            refused(at.key, "its stamp is none that a node has written");
        }
        restore(look, at.zone, at.name, value);
    }

    /** The zone may be changed by others at the same time: their changes are let in between. */
    private ChangePath.Step attempt(ChangePath.ChangeAttempt changeAttempt) {
        ChangePath.Step step = path.attempt(changeAttempt);
        for (int i = 0; i < ATTEMPTS && step instanceof ChangePath.Step.Behind; i++) {
            try {
                parts.locks().awaitChange(changeAttempt.zone(), LOOK_AGAIN.dividedBy(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return step;
            }
            step = path.attempt(changeAttempt);
        }
        return step;
    }

    /** Puts this node's own value, also after an accepted write: the map holds every value in its full form. */
    private void restore(Look look, DomainName zone, DomainName name, Optional<HazelcastJsonValue> from) {
        ZoneImage image = parts.journal().image().zone(zone);
        NameRecords truth = image.at(name);
        boolean isNothing = truth.isTombstone() && !image.tombstones().containsKey(name);
        if (from.isEmpty()) {
            mapWriter.put(zone, List.of(name));
        } else {
            String key = ClusterMaps.Key.of(zone, name).text();
            look.joined.maps().swapName(key, from.get(), isNothing ? Optional.empty() : Optional.of(truth));
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

    private boolean isApplied(String key, ChangePath.Step step) {
        String reason = switch (step) {
            case ChangePath.Step.Sent ignored -> "";
            case ChangePath.Step.Behind ignored -> "lost a race, write it again";
            case ChangePath.Step.Done(ChangeOutcome outcome) -> reason(outcome);
        };
        if (reason.isEmpty()) {
            counters.accepted.increment();
            return true;
        }
        refused(key, reason);
        return false;
    }

    private static String reason(ChangeOutcome outcome) {
        return switch (outcome) {
            case ChangeOutcome.Applied ignored -> "";
            case ChangeOutcome.Invalid invalid ->
                invalid.errors().stream().map(e -> e.error().sentence()).collect(Collectors.joining("; "));
            case ChangeOutcome.VersionConflict conflict -> "the zone is at version " + conflict.currentVersion();
            case ChangeOutcome.Unavailable unavailable -> unavailable.reason();
            case ChangeOutcome.Unknown unknown -> unknown.reason();
        };
    }

    private void refused(String key, String reason) {
        counters.refused.increment();
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
