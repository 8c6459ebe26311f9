package io.anycastle.core.store.write;

import io.anycastle.core.limit.Deadline;
import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.journal.JournalException;
import io.anycastle.core.store.state.HybridClock;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what other nodes have decided: to the disk, then into the view. Deltas that overtook their base wait for it. Any thread. */
public final class Follower {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final RateLimitedLog OFTEN = new RateLimitedLog(LOG, InstantSource.system());

    private final Journal journal;
    private final ViewPublisher publisher;
    private final ZoneLocks locks;
    private final HybridClock clock;
    private final WriteCounters counters;
    private final WriteSettings settings;

    public Follower(
            Journal journal,
            ViewPublisher publisher,
            ZoneLocks locks,
            HybridClock clock,
            WriteCounters counters,
            WriteSettings settings) {
        this.journal = journal;
        this.publisher = publisher;
        this.locks = locks;
        this.clock = clock;
        this.counters = counters;
        this.settings = settings;
    }

    /** Takes a delta that another node sent. Blocks for the disk, and at most the configured time for its base. */
    public PeerCodec.Taken take(ZoneDelta delta) throws InterruptedException {
        ReentrantLock lock = locks.of(delta.zone());
        Deadline deadline = Deadline.in(settings.orderWait());
        if (!lock.tryLock(settings.timeout().toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)) {
            return PeerCodec.Taken.REFUSED;
        }
        try {
            ZoneImage image = journal.image().zone(delta.zone());
            while (!delta.bases().contains(image.stamp())) {
                if (image.hasSeen(delta.stamp())) {
                    return PeerCodec.Taken.DURABLE;
                }
                Duration left = deadline.left();
                if (left.isZero()) {
                    counters.deltasBehind.increment();
                    return PeerCodec.Taken.BEHIND;
                }
                locks.awaitChange(delta.zone(), left);
                image = journal.image().zone(delta.zone());
            }
            return write(delta) ? PeerCodec.Taken.DURABLE : PeerCodec.Taken.REFUSED;
        } finally {
            lock.unlock();
        }
    }

    /** Makes a delta that follows on the present state durable and shows it. The caller holds the zone's lock. */
    public boolean write(ZoneDelta delta) {
        if (!clock.heard(delta.stamp())) {
            counters.stampsAhead.increment();
        }
        try {
            Journal.Appended appended = journal.append(delta, settings.timeout());
            journal.settle(appended);
        } catch (JournalException e) {
            LOG.debug(
                    "a change of {} from another node cannot be written to disk",
                    delta.zone(),
                    e); // the journal told it
            return false;
        } catch (TimeoutException e) {
            OFTEN.error("late", "a change of " + delta.zone() + " from another node: the disk did not answer in time");
            return false;
        }
        show(delta);
        return true;
    }

    /** The same for a delta that is too large for one journal entry: a snapshot makes it durable. The caller holds the zone's lock. */
    public boolean adopt(ZoneDelta delta) {
        clock.heard(delta.stamp());
        try {
            journal.adopt(delta);
        } catch (IOException e) {
            LOG.error("the state of {} from another node cannot be written to disk: {}", delta.zone(), e.getMessage());
            return false;
        }
        show(delta);
        return true;
    }

    private void show(ZoneDelta delta) {
        DomainName zone = delta.zone();
        ZoneImage image = journal.image().zone(zone);
        publisher.show(zone, image.state(), delta.changedNames());
        publisher.lag(delta.stamp());
        counters.deltasFollowed.increment();
        locks.changed(zone);
    }
}
