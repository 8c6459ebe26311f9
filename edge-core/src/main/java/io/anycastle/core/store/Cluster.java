package io.anycastle.core.store;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.instance.EndpointQualifier;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's membership: started in the background, and started again when it ends by itself. */
final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final StoreConfig config;
    private final StoreCounters counters;
    private final Consumer<ClusterMaps> onJoin;
    private final Thread keeper = new Thread(this::keepUp, "anycastle-cluster");
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Set while joined and filled; guarded by this for those who wait. */
    private @Nullable ClusterMaps maps;

    private volatile @Nullable HazelcastInstance hazelcast;
    private volatile Optional<String> error = Optional.empty();

    /** @param onJoin fills the maps and listens; called before any write sees them */
    Cluster(StoreConfig config, StoreCounters counters, Consumer<ClusterMaps> onJoin) {
        this.config = config;
        this.counters = counters;
        this.onJoin = onJoin;
    }

    void start() {
        keeper.setDaemon(true);
        keeper.start();
    }

    private void keepUp() {
        while (closing.getCount() > 0) {
            try {
                untilItEnds();
            } catch (RuntimeException e) {
                String reason = String.valueOf(e.getMessage());
                if (!error.equals(Optional.of(reason))) {
                    LOG.error(
                            "the cluster layer does not start: {}; trying again every {}",
                            reason,
                            config.restartDelay());
                }
                error = Optional.of(reason);
                end();
            }
            waitUntilClosing(config.restartDelay());
        }
    }

    private void untilItEnds() {
        long start = System.nanoTime();
        HazelcastInstance fresh = Hazelcast.newHazelcastInstance(HazelcastSettings.of(config));
        hazelcast = fresh;
        if (closing.getCount() == 0) {
            end(); // close() has not seen it
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        fresh.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.SHUTTING_DOWN
                    || event.getState() == LifecycleEvent.LifecycleState.SHUTDOWN) {
                ended.countDown();
            }
        });
        ClusterMaps filled = new ClusterMaps(fresh, config.tombstoneLifetime());
        onJoin.accept(filled);
        counters.clusterStarts.increment();
        error = Optional.empty();
        show(filled);
        LOG.info("the cluster layer is up after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        if (fresh.getLifecycleService().isRunning()) {
            await(ended);
        }
        end();
        if (closing.getCount() > 0) {
            error = Optional.of("the cluster layer ended by itself");
            LOG.error("the cluster layer ended by itself; starting it again");
        }
    }

    private synchronized void show(@Nullable ClusterMaps joined) {
        maps = joined;
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

    private void waitUntilClosing(Duration time) {
        try {
            if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("closing");
            }
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** The maps once this node has joined; empty when it has not by then. */
    synchronized Optional<ClusterMaps> join(Deadline deadline) throws InterruptedException {
        while (maps == null && closing.getCount() > 0) {
            long left = deadline.left().toMillis();
            if (left == 0) {
                break;
            }
            wait(left);
        }
        return Optional.ofNullable(maps);
    }

    synchronized boolean isJoined() {
        return maps != null;
    }

    /** How many nodes are in the cluster; 0 before this one has joined. */
    int members() {
        HazelcastInstance running = hazelcast;
        return running == null || !isJoined() || !running.getLifecycleService().isRunning()
                ? 0
                : running.getCluster().getMembers().size();
    }

    /** Where this node listens for that kind of peer; empty when it does not, or not yet. */
    Optional<InetSocketAddress> address(EndpointQualifier peer) {
        HazelcastInstance running = hazelcast;
        if (running == null || !isJoined()) {
            return Optional.empty();
        }
        Member self = running.getCluster().getLocalMember();
        return Optional.ofNullable(self.getAddressMap().get(peer))
                .map(a -> new InetSocketAddress(a.getHost(), a.getPort()));
    }

    /** Why this node is not joined, as far as is known. */
    Optional<String> error() {
        return error;
    }

    @Override
    public void close() {
        closing.countDown();
        HazelcastInstance running = hazelcast;
        if (running != null) {
            running.getLifecycleService().shutdown();
        }
        synchronized (this) {
            notifyAll();
        }
        try {
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
