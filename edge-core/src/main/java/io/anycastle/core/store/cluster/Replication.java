package io.anycastle.core.store.cluster;

import com.hazelcast.cluster.Member;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.state.ZoneDelta;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends a delta that is decided to all other nodes and counts the disks that have it. A node that lacks the delta's base is asked to pull
 * the whole difference; one that has changes of its own is left to the oldest member's merge.
 */
public final class Replication {
    /** A change that a member has not confirmed by then is brought to it anew. */
    private static final Duration SENT_MAX = Duration.ofSeconds(3);

    private final Peers peers;
    private final String nodeId;
    private final ClusterCounters counters;
    private final Undelivered undelivered;

    /** Hears which changes a member has not taken. Any thread, which must not be kept. */
    interface Undelivered {
        void note(DomainName zone, String node);
    }

    Replication(Peers peers, String nodeId, ClusterCounters counters, Undelivered undelivered) {
        this.peers = peers;
        this.nodeId = nodeId;
        this.counters = counters;
        this.undelivered = undelivered;
    }

    /** Starts sending; returns at once. */
    public Acks send(ZoneDelta delta) {
        List<Member> others = peers.others();
        Acks acks = new Acks(others.size());
        if (others.isEmpty()) {
            return acks;
        }
        byte[] request = PeerCodec.request(PeerCodec.Kind.APPEND, out -> PeerCodec.writeDelta(out, delta));
        for (Member member : others) {
            CompletableFuture<PeerCodec.Taken> sent =
                    peers.ask(member, request).thenCompose(answer -> orCatchUp(member, delta.zone(), answer));
            sent.whenComplete((taken, failure) -> acks.answered(taken == PeerCodec.Taken.DURABLE));
            watch(sent, delta.zone(), member);
        }
        return acks;
    }

    /** Where the way to a member is cut, a call fails only after twice the time that it may take. */
    private void watch(CompletableFuture<PeerCodec.Taken> sent, DomainName zone, Member member) {
        sent.copy().orTimeout(SENT_MAX.toMillis(), TimeUnit.MILLISECONDS).whenComplete((taken, failure) -> {
            if (taken != PeerCodec.Taken.DURABLE) {
                undelivered.note(zone, Peers.nodeOf(member));
            }
        });
    }

    private CompletableFuture<PeerCodec.Taken> orCatchUp(Member member, DomainName zone, byte[] answer) {
        try {
            PeerCodec.Taken taken = PeerCodec.taken(answer);
            if (taken != PeerCodec.Taken.BEHIND) {
                return CompletableFuture.completedFuture(taken);
            }
            counters.catchUpsAsked.increment();
            return catchUp(member, zone);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks the member to pull the zone from this node. */
    public CompletableFuture<PeerCodec.Taken> catchUp(Member member, DomainName zone) {
        byte[] request = PeerCodec.request(PeerCodec.Kind.CATCH_UP, out -> {
            PeerCodec.writeZone(out, zone);
            out.writeUTF(nodeId);
        });
        return peers.ask(member, request).thenApply(answer -> {
            try {
                PeerCodec.Taken taken = PeerCodec.taken(answer);
                if (taken == PeerCodec.Taken.DIVERGED) {
                    compare(zone, Peers.nodeOf(member));
                }
                return taken;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** Asks the oldest member to compare the zone with that node; without waiting. */
    public void compare(DomainName zone, String node) {
        byte[] request = PeerCodec.request(PeerCodec.Kind.COMPARE, out -> {
            PeerCodec.writeZone(out, zone);
            out.writeUTF(node);
        });
        peers.ask(peers.oldest(), request);
    }

    /** The nodes that have a delta, this one included. */
    public static final class Acks {
        private int disks = 1;
        private int open;

        public Acks(int others) {
            open = others;
        }

        private synchronized void answered(boolean isDurable) {
            open--;
            disks += isDurable ? 1 : 0;
            notifyAll();
        }

        /** Waits for that many disks, for as long as any answer is outstanding; tells how many there are. */
        public synchronized int await(int wanted, Deadline deadline) throws InterruptedException {
            while (disks < wanted && open > 0) {
                Duration left = deadline.left();
                if (left.isZero()) {
                    break;
                }
                wait(Math.max(1, left.toMillis()));
            }
            return disks;
        }

        /** Whether some nodes have not answered yet. */
        synchronized boolean isOpen() {
            return open > 0;
        }
    }
}
