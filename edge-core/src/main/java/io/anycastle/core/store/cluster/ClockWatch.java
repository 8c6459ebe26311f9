package io.anycastle.core.store.cluster;

import com.hazelcast.cluster.Member;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.store.state.HybridClock;
import io.anycastle.core.store.state.NodeReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's wall clock with the others', every so often and after each step of it. From the configured difference on it warns;
 * where the clock is off by more than the drift bound it corrects the stamps, by the median of all clocks, the lower one of two. A wrong
 * clock then neither wins every conflict nor loses every one.
 */
public final class ClockWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    /** How often this node looks whether its clock was set. */
    private static final Duration STEP_LOOK = Duration.ofSeconds(1);

    private final HybridClock clock;
    private final Supplier<Optional<MembershipSession>> joined;
    private final Duration interval;
    private final Duration timeout;
    private final long warnMs;
    private final Thread worker = new Thread(this::work, "anycastle-clock");
    private volatile Optional<String> warning = Optional.empty();
    /** On which side of the others the clock was when the log told of it last, 0 for neither. Used by the worker only. */
    private long toldSide;
    /** Guarded by this. */
    private boolean isDue;

    private boolean closing;

    /**
     * @param interval between two looks
     * @param peerTimeout longest time that another node may take to answer
     * @param warning from what difference on it is told
     */
    public record Settings(Duration interval, Duration peerTimeout, Duration warning) {}

    public ClockWatch(HybridClock clock, Supplier<Optional<MembershipSession>> joined, Settings settings) {
        this.clock = clock;
        this.joined = joined;
        interval = settings.interval();
        timeout = settings.peerTimeout();
        warnMs = settings.warning().toMillis();
        worker.setDaemon(true);
        worker.start();
    }

    /** Compares soon. */
    public synchronized void look() {
        isDue = true;
        notifyAll();
    }

    private void work() {
        try {
            while (isGoingOn()) {
                joined.get().ifPresent(this::compare);
            }
        } catch (InterruptedException e) {
            LOG.debug("closing", e);
        }
    }

    private synchronized boolean isGoingOn() throws InterruptedException {
        Deadline deadline = Deadline.in(interval);
        long ahead = aheadMs();
        while (!isDue && !closing && !deadline.left().isZero() && Math.abs(aheadMs() - ahead) < warnMs) {
            wait(Math.clamp(deadline.left().toMillis(), 1, STEP_LOOK.toMillis()));
        }
        isDue = false;
        return !closing;
    }

    /** By how much the wall clock is ahead of the one that nobody sets, which began anywhere. */
    private long aheadMs() {
        return clock.wallMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void compare(MembershipSession cluster) {
        List<Long> offsets = new ArrayList<>(List.of(0L));
        for (Member member : cluster.peers().others()) {
            try {
                long before = System.nanoTime();
                byte[] request = PeerCodec.request(PeerCodec.Kind.FACTS, out -> {});
                NodeReport report = PeerCodec.report(cluster.peers().ask(member, request, timeout));
                long half = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before) / 2;
                offsets.add(report.wallMillis() + half - clock.wallMillis());
            } catch (IOException e) {
                LOG.debug("no time from {}", Peers.nodeOf(member), e);
            }
        }
        correct(offsets);
    }

    private void correct(List<Long> offsets) {
        Collections.sort(offsets);
        long median = offsets.get((offsets.size() - 1) / 2);
        boolean isOff = Math.abs(median) > clock.driftMaxMs();
        Optional<String> now = Math.abs(median) >= warnMs
                ? Optional.of("this node's clock is " + Math.abs(median) / 1000 + " s "
                        + (median < 0 ? "ahead of" : "behind") + " the other nodes'; set it right")
                : Optional.empty();
        clock.correct(isOff ? median : 0);
        long side = now.isPresent() ? Long.signum(median) : 0;
        if (side != toldSide) {
            LOG.warn(now.orElse("this node's clock agrees with the other nodes' again"));
        }
        toldSide = side;
        warning = now;
    }

    /** What is wrong with the clock, in one sentence. */
    public Optional<String> warning() {
        return warning;
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        worker.interrupt();
    }
}
