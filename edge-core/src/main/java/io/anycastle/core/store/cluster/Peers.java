package io.anycastle.core.store.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import io.anycastle.core.model.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The other members of the cluster, and how to ask them. */
public final class Peers {
    static final String EXECUTOR = "anycastle.peers";
    /** The members' attributes: node id and newest stored form. */
    static final String NODE = "anycastle.node";

    static final String FORMAT = "anycastle.format";
    private static final Duration PROBE_MAX = Duration.ofSeconds(2);

    private final HazelcastInstance hazelcast;
    private final IExecutorService executor;

    Peers(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        executor = hazelcast.getExecutorService(EXECUTOR);
    }

    /** All members but this one. */
    public List<Member> others() {
        return hazelcast.getCluster().getMembers().stream()
                .filter(member -> !member.localMember())
                .toList();
    }

    /** Whether this node is the oldest member, the one that merges and keeps the maps. */
    public boolean isOldest() {
        return hazelcast.getCluster().getMembers().iterator().next().localMember();
    }

    Member oldest() {
        return hazelcast.getCluster().getMembers().iterator().next();
    }

    /** The node id that the member has told. */
    public static String nodeOf(Member member) {
        return Optional.ofNullable(member.getAttribute(NODE)).orElse("");
    }

    /** Where the member's cluster layer listens, {@code host:port}. */
    static String addressOf(Member member) {
        return member.getAddress().getHost() + ":" + member.getAddress().getPort();
    }

    String here() {
        return addressOf(hazelcast.getCluster().getLocalMember());
    }

    /** The member with that node id; this one too. */
    public Optional<Member> node(String id) {
        return others().stream().filter(m -> nodeOf(m).equals(id)).findFirst();
    }

    /** Asks without waiting; fails when the member leaves. */
    public CompletableFuture<byte[]> ask(Member member, byte[] request) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            executor.submitToMember(new PeerCall(request), member, new ExecutionCallback<byte[]>() {
                @Override
                public void onResponse(byte[] response) {
                    try {
                        answer.complete(PeerCall.body(response));
                    } catch (IOException e) {
                        answer.completeExceptionally(e);
                    }
                }

                @Override
                public void onFailure(Throwable failure) {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /**
     * Makes sure that the member answers at all, within 2 s or the given time if that is shorter, so that one that the way to is cut
     * takes no more of the asker's time.
     */
    public void probe(Member member, Duration timeout) throws IOException {
        byte[] request = PeerCodec.request(PeerCodec.Kind.FACTS, out -> {});
        ask(member, request, timeout.compareTo(PROBE_MAX) < 0 ? timeout : PROBE_MAX);
    }

    /**
     * Gives up the connection with a member that does not answer, so that the next call makes a new one: after a cut of the network the
     * system sends again what was not confirmed after ever longer pauses, long after others could be reached. Hazelcast has no public
     * call for it.
     */
    public void reconnect(Member member) {
        if (hazelcast instanceof HazelcastInstanceProxy proxy) {
            proxy.getOriginal()
                    .node
                    .getServer()
                    .getConnectionManager(EndpointQualifier.MEMBER)
                    .getAllConnections(member.getAddress())
                    .forEach(connection -> connection.close("it does not answer", null));
        }
    }

    /** Asks and waits. */
    public byte[] ask(Member member, byte[] request, Duration timeout) throws IOException {
        try {
            return ask(member, request).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | RejectedExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(nodeOf(member) + " does not answer: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException(nodeOf(member) + " did not answer within " + DurationText.of(timeout), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
