package io.anycastle.core.store.merge;

import com.hazelcast.cluster.Member;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.cluster.Peers;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.state.Digests;
import io.anycastle.core.store.write.ZoneLocks;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether a node that came empty into its cluster has by now what the others have: until then it would deny what they answer. A node
 * that has anything on its disk, or nobody to compare with, is through from the start.
 */
public final class FirstComparison implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstComparison.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final Journal journal;
    private final ZoneLocks locks;
    private final Supplier<Optional<MembershipSession>> joined;
    private final Settings settings;
    private final Thread worker = new Thread(this::work, "anycastle-first-comparison");
    /** For each node that was asked, the zones that were not yet here as they are there. Used by the worker only. */
    private final Map<String, Set<DomainName>> lacking = new HashMap<>();

    private volatile boolean isPending;

    /**
     * @param hasOthers whether there are nodes whose data is to be awaited
     * @param isInvited whether other nodes have invited this one, so that it is never the first of its cluster while there are others
     * @param peerTimeout longest time that another node may take to answer
     */
    public record Settings(BooleanSupplier hasOthers, boolean isInvited, Duration peerTimeout) {}

    public FirstComparison(
            Journal journal, ZoneLocks locks, Supplier<Optional<MembershipSession>> joined, Settings settings) {
        this.journal = journal;
        this.locks = locks;
        this.joined = joined;
        this.settings = settings;
        isPending = journal.image().zones().isEmpty() && settings.hasOthers().getAsBoolean();
    }

    /** Looks from now on, where it is pending. */
    public void start() {
        if (isPending) {
            worker.setDaemon(true);
            worker.start();
        }
    }

    public boolean isPending() {
        return isPending;
    }

    private void work() {
        try {
            while (isPending) {
                if (isThrough()) {
                    LOG.info("this node has what the others have");
                    isPending = false;
                    return;
                }
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            LOG.debug("closing", e);
        }
    }

    private boolean isThrough() {
        try {
            return joined.get().filter(this::isThrough).isPresent();
        } catch (RuntimeException e) {
            LOG.debug("the cluster layer is going down, and looked for again", e);
            return false;
        }
    }

    /** Members that do not answer are not waited for as long as another one does. */
    private boolean isThrough(MembershipSession now) {
        List<Member> others = now.peers().others();
        if (others.isEmpty()) {
            return !settings.hasOthers().getAsBoolean() || !settings.isInvited();
        }
        int equal = 0;
        for (Member member : others) {
            try {
                if (!hasAllOf(now, member)) {
                    return false;
                }
                equal++;
            } catch (IOException | RuntimeException e) {
                LOG.debug("node {} cannot be asked what it has", Peers.nodeOf(member), e);
            }
        }
        return equal > 0;
    }

    /** A zone that was once here as it is there follows by the changes that are sent. */
    private boolean hasAllOf(MembershipSession now, Member member) throws IOException {
        byte[] request = PeerCodec.request(PeerCodec.Kind.OVERVIEW, out -> {});
        Map<DomainName, Long> theirs = PeerCodec.overview(now.peers().ask(member, request, settings.peerTimeout()));
        Set<DomainName> open = lacking.computeIfAbsent(Peers.nodeOf(member), node -> new HashSet<>(theirs.keySet()));
        open.removeIf(zone -> {
            Long digest = theirs.get(zone);
            return digest == null || isShown(zone, digest);
        });
        return open.isEmpty();
    }

    /** The journal has a state before the disk and the view have it; who writes holds the zone's lock until the view shows it. */
    private boolean isShown(DomainName zone, long digest) {
        ReentrantLock lock = locks.of(zone);
        lock.lock();
        try {
            return digest == Digests.of(zone, journal.image().zone(zone));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        isPending = false;
        worker.interrupt();
    }
}
