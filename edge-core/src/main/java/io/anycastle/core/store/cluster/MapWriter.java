package io.anycastle.core.store.cluster;

import io.anycastle.core.limit.Deadline;
import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.state.ZoneImage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts changed names into the cluster map of records, behind the writers' backs: what it puts is what this node knows at that moment, so
 * that names which change often are put once. Names that cannot be put are tried again.
 */
public final class MapWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapWriter.class);
    private static final RateLimitedLog OFTEN = new RateLimitedLog(LOG, InstantSource.system());
    private static final int BATCH_NAMES = 2_000;
    private static final int AT_ONCE_NAMES = 100;
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Journal journal;
    private final Supplier<Optional<MembershipSession>> joined;
    private final Thread worker = new Thread(this::work, "anycastle-maps");
    /** Guarded by this. */
    private Map<DomainName, Set<DomainName>> due = new HashMap<>();

    private boolean closing;
    private boolean isIdle = true;

    public MapWriter(Journal journal, Supplier<Optional<MembershipSession>> joined) {
        this.journal = journal;
        this.joined = joined;
        worker.setDaemon(true);
        worker.start();
    }

    /** Puts those names soon. */
    public synchronized void put(DomainName zone, Collection<DomainName> names) {
        if (!names.isEmpty()) {
            due.computeIfAbsent(zone, z -> new HashSet<>()).addAll(names);
            notifyAll();
        }
    }

    /** Puts those names before it returns where they are few, else soon; blocks while it does. */
    public void putNow(DomainName zone, Collection<DomainName> names) {
        boolean isWritten = names.isEmpty() || (names.size() <= AT_ONCE_NAMES && tryWrite(zone, List.copyOf(names)));
        if (!isWritten) {
            put(zone, names);
        }
    }

    /** How many names wait to be put. */
    public synchronized int backlog() {
        return due.values().stream().mapToInt(Set::size).sum();
    }

    /** Waits until everything that was asked for by now is in the maps; whether it is. */
    public synchronized boolean flush(Deadline deadline) throws InterruptedException {
        while (!due.isEmpty() || !isIdle) {
            long left = deadline.left().toMillis();
            if (left == 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private void work() {
        try {
            for (Map<DomainName, Set<DomainName>> batch = take(); !batch.isEmpty(); batch = take()) {
                for (var zone : batch.entrySet()) {
                    write(zone.getKey(), List.copyOf(zone.getValue()));
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("closing", e);
        }
    }

    /** Everything that is due; empty when closing. */
    private synchronized Map<DomainName, Set<DomainName>> take() throws InterruptedException {
        isIdle = true;
        notifyAll();
        while (due.isEmpty() && !closing) {
            wait();
        }
        if (closing) {
            return Map.of();
        }
        Map<DomainName, Set<DomainName>> taken = due;
        due = new HashMap<>();
        isIdle = false;
        return taken;
    }

    private void write(DomainName zone, List<DomainName> names) throws InterruptedException {
        for (int from = 0; from < names.size(); from += BATCH_NAMES) {
            List<DomainName> batch = names.subList(from, Math.min(names.size(), from + BATCH_NAMES));
            if (!tryWrite(zone, batch)) {
                put(zone, names.subList(from, names.size()));
                pause();
                return;
            }
        }
    }

    private boolean tryWrite(DomainName zone, List<DomainName> names) {
        Optional<MembershipSession> now = joined.get();
        if (now.isEmpty()) {
            return false;
        }
        try {
            ZoneImage image = journal.image().zone(zone);
            if (image.state().isEmpty()) {
                now.get().maps().buryNames(zone, image.stamp(), names);
            } else {
                List<NameRecords> values = new ArrayList<>(names.size());
                names.forEach(name -> values.add(image.at(name)));
                now.get().maps().putNames(zone, values);
            }
            return true;
        } catch (RuntimeException e) {
            OFTEN.warn("late", "the records of " + zone + " are late in the cluster maps: " + ClusterTrouble.of(e));
            return false;
        }
    }

    private synchronized void pause() throws InterruptedException {
        Deadline deadline = Deadline.in(RETRY);
        while (!closing && !deadline.left().isZero()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
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
