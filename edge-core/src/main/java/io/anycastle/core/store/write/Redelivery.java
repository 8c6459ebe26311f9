package io.anycastle.core.store.write;

import com.hazelcast.cluster.Member;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.cluster.Peers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings changes to members that did not take them when they were made, as soon as such a member answers again. Two nodes that cannot
 * see each other stay members of one cluster as long as the oldest sees both, so no event tells when they can.
 */
public final class Redelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** The longest pause of a node that answers and cannot take what it lacks, such as one whose disk is full. */
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    private final Supplier<Optional<MembershipSession>> joined;
    private final WriteCounters counters;
    private final Duration peerTimeout;
    private final Thread worker = new Thread(this::work, "anycastle-redelivery");
    /** The zones that each node lacks changes of; guarded by this. */
    private final Map<String, Set<DomainName>> due = new HashMap<>();

    /** Nodes that answered and did not take all, and when they are tried again. Used by the worker only. */
    private final Map<String, Pause> pauses = new HashMap<>();

    /** Members that did not answer the last time. Used by the worker only. */
    private final Set<Member> silent = new HashSet<>();

    private boolean closing;

    private record Pause(Duration length, Deadline end) {
        static Pause after(Optional<Pause> last) {
            Duration length = last.map(p -> p.length.multipliedBy(2)).orElse(RETRY);
            Duration bounded = length.compareTo(RETRY_MAX) < 0 ? length : RETRY_MAX;
            return new Pause(bounded, Deadline.in(bounded));
        }
    }

    public Redelivery(Supplier<Optional<MembershipSession>> joined, WriteCounters counters, Duration peerTimeout) {
        this.joined = joined;
        this.counters = counters;
        this.peerTimeout = peerTimeout;
        worker.setDaemon(true);
        worker.start();
    }

    /** Brings that zone to that node soon, and again until it is there. */
    public synchronized void note(DomainName zone, String node) {
        if (due.computeIfAbsent(node, n -> new HashSet<>()).add(zone)) {
            notifyAll();
        }
    }

    private void work() {
        try {
            for (List<String> nodes = await(); !nodes.isEmpty(); nodes = await()) {
                for (String node : nodes) {
                    deliver(node);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("closing", e);
        }
    }

    /** The nodes that lack something, after a pause; empty when closing. */
    private synchronized List<String> await() throws InterruptedException {
        while (due.isEmpty() && !closing) {
            wait();
        }
        Deadline pause = Deadline.in(RETRY);
        while (!closing && !pause.left().isZero()) {
            wait(Math.max(1, pause.left().toMillis()));
        }
        return closing ? List.of() : List.copyOf(due.keySet());
    }

    private void deliver(String node) throws InterruptedException {
        Optional<MembershipSession> now = joined.get();
        try {
            Optional<Member> member = now.flatMap(j -> j.peers().node(node));
            if (member.isEmpty()) {
                take(node); // who joins is compared with as a whole
                pauses.remove(node);
                silent.removeIf(gone -> Peers.nodeOf(gone).equals(node));
                return;
            }
            Optional<Pause> pause = Optional.ofNullable(pauses.get(node));
            if (pause.isEmpty() || pause.get().end.left().isZero()) {
                probe(now.get().peers(), member.get());
                deliver(now.get(), member.get(), pause);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("node {} still lacks changes", node, e);
        }
    }

    /** A member that is silent for two tries is tried over a new connection. */
    private void probe(Peers peers, Member member) throws IOException {
        try {
            peers.probe(member, peerTimeout);
            silent.remove(member);
        } catch (IOException e) {
            if (!silent.add(member)) {
                silent.remove(member);
                peers.reconnect(member);
            }
            throw e;
        }
    }

    private void deliver(MembershipSession now, Member member, Optional<Pause> last) throws InterruptedException {
        String node = Peers.nodeOf(member);
        boolean isAll = true;
        for (DomainName zone : take(node)) {
            if (!isDelivered(now, member, zone)) {
                note(zone, node);
                isAll = false;
            }
        }
        if (isAll) {
            pauses.remove(node);
        } else {
            pauses.put(node, Pause.after(last));
        }
    }

    private synchronized Set<DomainName> take(String node) {
        return Optional.ofNullable(due.remove(node)).orElse(Set.of());
    }

    private boolean isDelivered(MembershipSession now, Member member, DomainName zone) throws InterruptedException {
        try {
            boolean isTaken = now.replication().catchUp(member, zone).get(peerTimeout.toMillis(), TimeUnit.MILLISECONDS)
                    == PeerCodec.Taken.DURABLE;
            if (isTaken) {
                counters.redeliveries.increment();
            }
            return isTaken;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} is not at node {} yet", zone, Peers.nodeOf(member), e);
            return false;
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
