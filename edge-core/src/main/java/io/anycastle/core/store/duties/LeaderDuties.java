package io.anycastle.core.store.duties;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.store.clients.ClientWrites;
import io.anycastle.core.store.cluster.ClusterMaps;
import io.anycastle.core.store.cluster.MapWriter;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.cluster.Peers;
import io.anycastle.core.store.merge.Reconciler;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.write.ChangePath;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The duties of the oldest member, on a thread of their own: it compares all nodes when one joins, when parts of the cluster were merged
 * and every so often, and keeps the cluster maps equal to the truth. On other members it does nothing but wait to be the oldest.
 */
public final class LeaderDuties implements ClientWrites.Comparisons, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderDuties.class);
    private static final RateLimitedLog OFTEN = new RateLimitedLog(LOG, InstantSource.system());
    private static final int BATCH = 1_000;
    /** After how long a node that could not be compared is asked again. */
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** How long a head that nobody knows may stand in the map before it is replaced: its writer may still be telling the others. */
    private static final long UNKNOWN_HEAD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ChangePath.Parts parts;
    private final LeaderCounters counters;
    private final Reconciler reconciler;
    private final MapWriter mapWriter;
    private final Settings settings;
    private final BlockingQueue<Duty> duties = new LinkedBlockingQueue<>();
    private final Set<Duty> queued = ConcurrentHashMap.newKeySet();
    private final Thread worker = new Thread(this::work, "anycastle-leader");
    private final java.util.function.Supplier<Optional<MembershipSession>> joined;
    private final BiConsumer<MembershipSession, String> wishes;
    /** When the last comparison with each node that came to its end began, by {@link System#nanoTime}. */
    private final Map<String, Long> compared = new ConcurrentHashMap<>();

    /** Heads in the map that no state explains, and since when. Used by the worker only, as is the next. */
    private final Map<DomainName, Unknown> unknown = new HashMap<>();

    private MapCheck mapCheck = MapCheck.DONE;
    /** Whether a node could not be compared; used by the worker only. */
    private boolean isUnsettled;

    private volatile boolean closing;

    private record Unknown(HazelcastJsonValue head, long since) {}

    /** Something to do. */
    private sealed interface Duty {
        /** Compare all zones with all nodes. */
        record All() implements Duty {}

        /** The same, and the maps with the truth: heads at once, names in between other duties. */
        record AllAndMaps() implements Duty {}

        /** Compare one zone with one node. */
        record One(DomainName zone, String node) implements Duty {}
    }

    /**
     * @param compareInterval how often the oldest member compares all nodes
     * @param peerTimeout longest time that another node may take to answer
     */
    public record Settings(Duration compareInterval, Duration peerTimeout) {}

    /** @param wishes takes the keys in the map of records where a client has left a value that nobody has judged */
    public LeaderDuties(
            ChangePath.Parts parts,
            Reconciler reconciler,
            MapWriter mapWriter,
            Settings settings,
            LeaderCounters counters,
            java.util.function.Supplier<Optional<MembershipSession>> joined,
            BiConsumer<MembershipSession, String> wishes) {
        this.parts = parts;
        this.reconciler = reconciler;
        this.mapWriter = mapWriter;
        this.settings = settings;
        this.counters = counters;
        this.joined = joined;
        this.wishes = wishes;
        worker.setDaemon(true);
        worker.start();
    }

    /** Compares all nodes soon. */
    public void compareAll() {
        add(new Duty.All());
    }

    @Override
    public void compareAllAndMaps() {
        add(new Duty.AllAndMaps());
    }

    @Override
    public void compare(DomainName zone, String node) {
        add(new Duty.One(zone, node));
    }

    @Override
    public boolean hasCompared(String node, long sinceNanos) {
        Long begun = compared.get(node);
        return begun != null && begun - sinceNanos > 0;
    }

    private void add(Duty duty) {
        if (queued.add(duty)) {
            duties.add(duty);
        }
    }

    private void work() {
        while (!closing) {
            try {
                Optional<Duty> duty = next();
                duty.ifPresent(queued::remove);
                Optional<MembershipSession> now = joined.get();
                if (now.isEmpty() || !now.get().peers().isOldest()) {
                    mapCheck = MapCheck.DONE;
                } else if (duty.isPresent()) {
                    fulfil(now.get(), duty.get());
                } else {
                    checkMap(now.get());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                counters.failed.increment();
                LOG.warn("nodes could not be compared, trying again later: {}", e.toString());
            }
        }
    }

    private void checkMap(MembershipSession cluster) {
        mapCheck.step(cluster.maps(), new MapCheck.Remedy() {
            @Override
            public void put(DomainName zone, Collection<DomainName> names) {
                mapWriter.put(zone, names);
            }

            @Override
            public void judge(String key) {
                wishes.accept(cluster, key);
            }
        });
    }

    /** What is to be done now: a duty, or empty when the names in the map are to be looked through further. */
    private Optional<Duty> next() throws InterruptedException {
        if (!mapCheck.isDone()) {
            return Optional.ofNullable(duties.poll());
        }
        Duration interval = settings.compareInterval();
        Duration pause = isUnsettled && RETRY.compareTo(interval) < 0 ? RETRY : interval;
        Duty duty = duties.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.of(duty == null ? new Duty.All() : duty);
    }

    private void fulfil(MembershipSession cluster, Duty duty) {
        switch (duty) {
            case Duty.All ignored -> all(cluster);
            case Duty.AllAndMaps ignored -> {
                all(cluster);
                heads(cluster);
                mapCheck = MapCheck.of(parts.journal().image());
            }
            case Duty.One one -> one(cluster, one);
        }
    }

    private void all(MembershipSession cluster) {
        isUnsettled = false;
        for (Member member : cluster.peers().others()) {
            try {
                counters.comparisons.increment();
                long begun = System.nanoTime();
                cluster.peers().probe(member, settings.peerTimeout());
                int differing = reconciler.compareAll(cluster, member);
                compared.put(Peers.nodeOf(member), begun);
                if (differing > 0) {
                    LOG.info("compared with {}: {} zones differed", Peers.nodeOf(member), differing);
                    heads(cluster);
                }
            } catch (IOException | RuntimeException e) {
                isUnsettled = true;
                OFTEN.warn(
                        Peers.nodeOf(member),
                        Peers.nodeOf(member) + " could not be compared, trying again soon: " + e.getMessage());
            }
        }
        for (DomainName zone : List.copyOf(unknown.keySet())) {
            head(cluster, zone); // which forgets it once it is explained
        }
    }

    /** What one node cannot be asked for, because the way to it is cut, another one may have. */
    private void one(MembershipSession cluster, Duty.One duty) {
        try {
            Optional<Member> member = cluster.peers().node(duty.node);
            if (member.isEmpty() || !isCompared(cluster, member.get(), duty.zone)) {
                for (Member other : cluster.peers().others()) {
                    if (!Peers.nodeOf(other).equals(duty.node)) {
                        isCompared(cluster, other, duty.zone);
                    }
                }
            }
            head(cluster, duty.zone);
        } catch (RuntimeException e) {
            OFTEN.warn(duty.node, duty.zone + " could not be compared with " + duty.node + ": " + e.getMessage());
        }
    }

    private boolean isCompared(MembershipSession cluster, Member member, DomainName zone) {
        try {
            long begun = System.nanoTime();
            cluster.peers().probe(member, settings.peerTimeout());
            reconciler.compare(cluster, member, zone);
            compared.merge(Peers.nodeOf(member), begun, Math::max);
            return true;
        } catch (IOException e) {
            String node = Peers.nodeOf(member);
            OFTEN.warn(node, zone + " could not be compared with " + node + ": " + e.getMessage());
            return false;
        }
    }

    /** Makes the heads in the map those of the truth. */
    private void heads(MembershipSession cluster) {
        List<DomainName> zones = List.copyOf(parts.journal().image().zones().keySet());
        for (int from = 0; from < zones.size(); from += BATCH) {
            Map<String, DomainName> batch = new HashMap<>();
            zones.subList(from, Math.min(zones.size(), from + BATCH)).forEach(zone -> batch.put(zone.toString(), zone));
            Map<String, HazelcastJsonValue> found = cluster.maps().heads(batch.keySet());
            batch.forEach((key, zone) -> {
                Optional<HazelcastJsonValue> head = Optional.ofNullable(found.get(key));
                if (!ChangePath.isTruth(zone, parts.journal().image().zone(zone), head)) {
                    head(cluster, zone);
                }
            });
        }
    }

    /**
     * Makes the zone's head in the map that of the truth. One that this node has not seen may belong to a change that is on its way: it
     * is left for a while, and its writer is asked.
     */
    private void head(MembershipSession cluster, DomainName zone) {
        ReentrantLock lock = parts.locks().of(zone);
        Optional<Stamp> ahead;
        lock.lock();
        try {
            Optional<HazelcastJsonValue> head = cluster.maps().head(zone);
            ZoneImage image = parts.journal().image().zone(zone);
            if (ChangePath.isTruth(zone, image, head)) {
                unknown.remove(zone);
                return;
            }
            ahead = head.flatMap(ClusterMaps::stampOf).filter(stamp -> !image.hasSeen(stamp));
            boolean isStrange =
                    head.isPresent() && head.flatMap(ClusterMaps::stampOf).isEmpty();
            if (isStrange) {
                return; // a stranger's, which its event tells of
            }
            boolean isOld = ahead.isEmpty() || hasWaited(zone, head.orElseThrow());
            if (isOld && !image.isNever()) {
                cluster.maps().swapHead(zone, head, ClusterMaps.headValue(zone, image));
                counters.headsRestored.increment();
                unknown.remove(zone);
                return;
            }
        } finally {
            lock.unlock();
        }
        ahead.flatMap(stamp -> cluster.peers().node(stamp.nodeId()))
                .ifPresent(writer -> compare(zone, Peers.nodeOf(writer)));
    }

    private boolean hasWaited(DomainName zone, HazelcastJsonValue head) {
        Unknown since = unknown.get(zone);
        if (since == null || !since.head.equals(head)) {
            unknown.put(zone, new Unknown(head, System.nanoTime()));
            return false;
        }
        return System.nanoTime() - since.since > UNKNOWN_HEAD_NANOS;
    }

    @Override
    public void close() {
        closing = true;
        worker.interrupt();
    }
}
