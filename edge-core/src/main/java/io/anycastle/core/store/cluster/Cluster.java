package io.anycastle.core.store.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.instance.EndpointQualifier;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.DurationText;
import io.anycastle.core.store.change.StoreException;
import io.anycastle.core.store.journal.JournalEntry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's membership: started in the background, and started again when it ends by itself. */
public final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final RateLimitedLog OFTEN = new RateLimitedLog(LOG, InstantSource.system());

    private final ClusterSettings settings;
    private final String nodeId;
    private final ClusterCounters counters;
    private final PeerCall.Answers answers;
    private final Events events;
    private final Thread leader = new Thread(this::keepUp, "anycastle-cluster");
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Set while joined and filled; guarded by this for those who wait. */
    private @Nullable MembershipSession joined;

    /** Whether this node has been a member since it was started; guarded by this. */
    private boolean wasJoined;

    private volatile @Nullable HazelcastInstance hazelcast;
    private volatile Optional<String> error = Optional.empty();

    /** What the rest of the store does as membership changes. Called on Hazelcast's threads, which must not be kept. */
    public interface Events {
        /** This node has joined; called before any write sees the maps. */
        void joined(MembershipSession joined);

        /** Another node came. */
        void arrived();

        /** This node came, another went, parts of the cluster were merged, or entries of the maps were lost. */
        void changed();

        /** A change of the zone did not reach that node. */
        void undelivered(DomainName zone, String node);
    }

    public Cluster(
            ClusterSettings settings,
            String nodeId,
            ClusterCounters counters,
            PeerCall.Answers answers,
            Events events) {
        this.settings = settings;
        this.nodeId = nodeId;
        this.counters = counters;
        this.answers = answers;
        this.events = events;
    }

    public String nodeId() {
        return nodeId;
    }

    public void start() {
        leader.setDaemon(true);
        leader.start();
    }

    private void keepUp() {
        while (closing.getCount() > 0) {
            try {
                untilItEnds();
            } catch (RuntimeException e) {
                Optional<String> reason = Optional.of(
                        e instanceof StoreException || e instanceof IllegalStateException
                                ? String.valueOf(e.getMessage())
                                : ClusterTrouble.of(e));
                boolean isNew = !error.equals(reason);
                error = reason;
                end();
                if (isNew) {
                    LOG.error(
                            "the cluster layer does not start: {}; trying again every {}",
                            reason.get(),
                            DurationText.of(settings.restartDelay()));
                }
            }
            waitUntilClosing(settings.restartDelay());
        }
    }

    private void untilItEnds() {
        long start = System.nanoTime();
        SteadyClock.install();
        HazelcastInstance fresh = joinOthers(start);
        hazelcast = fresh;
        if (closing.getCount() == 0) {
            end(); // close() has not seen it
            return;
        }
        refuseStrangers(fresh);
        CountDownLatch ended = new CountDownLatch(1);
        fresh.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                events.changed();
            }
            if (event.getState() == LifecycleEvent.LifecycleState.SHUTTING_DOWN
                    || event.getState() == LifecycleEvent.LifecycleState.SHUTDOWN) {
                ended.countDown();
            }
        });
        fresh.getCluster().addMembershipListener(new Members());
        fresh.getPartitionService().addPartitionLostListener(event -> {
            OFTEN.warn(
                    "lost",
                    "nodes left and took entries of the cluster maps along; they are filled again from the disks");
            events.changed();
        });
        Peers peers = new Peers(fresh);
        MembershipSession now = new MembershipSession(
                new ClusterMaps(fresh, settings.maps().tombstoneLifetime()),
                peers,
                new Replication(peers, nodeId, counters, events::undelivered));
        events.joined(now);
        counters.starts.increment();
        error = Optional.empty();
        show(now);
        events.changed();
        LOG.info(
                "the cluster layer is up after {} ms, {} other nodes",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                peers.others().size());
        if (fresh.getLifecycleService().isRunning()) {
            await(ended);
        }
        end();
        if (closing.getCount() > 0) {
            error = Optional.of("the cluster layer ended by itself");
            LOG.error("the cluster layer ended by itself; starting it again");
        }
    }

    private HazelcastInstance joinOthers(long start) {
        try {
            return Hazelcast.newHazelcastInstance(HazelcastSettings.of(settings, nodeId, JournalEntry.FORMAT, answers));
        } catch (IllegalStateException e) {
            Duration atMost = settings.times().join();
            if (System.nanoTime() - start >= atMost.toNanos()) {
                throw new IllegalStateException(
                        "this node has not joined the others within " + DurationText.of(atMost), e);
            }
            throw e;
        }
    }

    /** Two nodes with one id would make the same stamps, and a node of another format would misread what it is sent. */
    private void refuseStrangers(HazelcastInstance fresh) {
        for (Member member : new Peers(fresh).others()) {
            String address = member.getAddress().toString();
            if (Peers.nodeOf(member).equals(nodeId)) {
                throw new IllegalStateException("the node at " + address + " has this node's id " + nodeId
                        + " already; each node needs an id and a data folder of its own");
            }
            String format = member.getAttribute(Peers.FORMAT);
            if (!Integer.toString(JournalEntry.FORMAT).equals(format)) {
                throw new IllegalStateException("the node at " + address + " stores format " + format + ", this one "
                        + JournalEntry.FORMAT + "; they serve side by side and join once both have one version");
            }
        }
    }

    /** Tells of nodes that come and go. */
    private final class Members implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            Member member = event.getMember();
            String format = member.getAttribute(Peers.FORMAT);
            if (Peers.nodeOf(member).equals(nodeId)
                    || !Integer.toString(JournalEntry.FORMAT).equals(format)) {
                LOG.warn(
                        "{} wants to join as node '{}' with format {} and has to leave again: this is node '{}', format {}",
                        member.getAddress(),
                        Peers.nodeOf(member),
                        format,
                        nodeId,
                        JournalEntry.FORMAT);
            } else {
                LOG.info("node {} at {} has joined", Peers.nodeOf(member), member.getAddress());
            }
            events.arrived();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            LOG.warn(
                    "node {} at {} has left",
                    Peers.nodeOf(event.getMember()),
                    event.getMember().getAddress());
            events.changed();
        }
    }

    private synchronized void show(@Nullable MembershipSession now) {
        joined = now;
        wasJoined |= now != null;
        notifyAll();
    }

    private void end() {
        show(null);
        HazelcastInstance ended = hazelcast;
        hazelcast = null;
        if (ended != null) {
            ended.getLifecycleService().shutdown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void leave(HazelcastInstance running, Duration atMost) {
        Thread leaving = Thread.ofPlatform()
                .name("anycastle-leave")
                .daemon()
                .start(() -> running.getLifecycleService().shutdown());
        try {
            if (!leaving.join(atMost)) {
                LOG.warn(
                        "the cluster did not let this node go within {} ms; it leaves all the same", atMost.toMillis());
                running.getLifecycleService().terminate();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitUntilClosing(Duration time) {
        try {
            if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("closing");
            }
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /**
     * The cluster, waited for where this node's membership has just ended and begins anew; empty when it has not by then, and at once
     * where this node has not joined since it was started.
     */
    public synchronized Optional<MembershipSession> join(Deadline deadline) throws InterruptedException {
        while (wasJoined && !isUp() && closing.getCount() > 0) {
            long left = deadline.left().toMillis();
            if (left == 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return Optional.ofNullable(joined);
    }

    /** Whether this node has joined once since it was started; waits for it. */
    public synchronized boolean awaitFirstJoin(Deadline deadline) throws InterruptedException {
        while (!wasJoined && closing.getCount() > 0 && !deadline.left().isZero()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        return wasJoined;
    }

    private boolean isUp() {
        HazelcastInstance running = hazelcast;
        return joined != null
                && running != null
                && running.getLifecycleService().isRunning();
    }

    /** What there is while this node is a member. */
    public synchronized Optional<MembershipSession> joined() {
        return Optional.ofNullable(joined);
    }

    public synchronized boolean isJoined() {
        return joined != null;
    }

    /** How many nodes are in the cluster; 0 before this one has joined. */
    public int members() {
        HazelcastInstance running = hazelcast;
        return running == null || !isJoined() || !running.getLifecycleService().isRunning()
                ? 0
                : running.getCluster().getMembers().size();
    }

    /** Where this node listens for that kind of peer; empty when it does not, or not yet. */
    public Optional<InetSocketAddress> address(EndpointQualifier peer) {
        HazelcastInstance running = hazelcast;
        if (running == null || !isJoined()) {
            return Optional.empty();
        }
        Member self = running.getCluster().getLocalMember();
        return Optional.ofNullable(self.getAddressMap().get(peer))
                .map(a -> new InetSocketAddress(a.getHost(), a.getPort()));
    }

    /** Why this node is not joined, as far as is known. */
    public Optional<String> error() {
        return error;
    }

    /** Leaves within that time, without the others' consent where they do not give it. */
    public void close(Duration atMost) {
        closing.countDown();
        HazelcastInstance running = hazelcast;
        if (running != null) {
            leave(running, atMost);
        }
        synchronized (this) {
            notifyAll();
        }
        try {
            leader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
