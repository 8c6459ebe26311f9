package io.anycastle.core.store.cluster;

import com.hazelcast.cluster.Member;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.NodeView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all nodes how they are, and remembers those that left. Any thread. */
public final class Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    /** A status page must not hang on one node that does. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private final String nodeId;
    private final Duration timeout;
    /** Where each node was last; guarded by this. */
    private final Map<String, String> addresses = new LinkedHashMap<>();

    public Nodes(String nodeId, Duration peerTimeout) {
        this.nodeId = nodeId;
        timeout = peerTimeout.compareTo(ANSWER_MAX) < 0 ? peerTimeout : ANSWER_MAX;
    }

    public List<NodeView> now(NodeReport own, Optional<MembershipSession> joined) {
        Map<Member, CompletableFuture<byte[]>> answers = new LinkedHashMap<>();
        byte[] request = PeerCodec.request(PeerCodec.Kind.FACTS, out -> {});
        joined.ifPresent(j -> j.peers()
                .others()
                .forEach(member -> answers.put(member, j.peers().ask(member, request))));
        List<NodeView> nodes = new ArrayList<>();
        nodes.add(new NodeView(
                nodeId, joined.map(j -> j.peers().here()).orElse(""), true, joined.isPresent(), Optional.of(own)));
        long until = System.nanoTime() + timeout.toNanos();
        answers.forEach((member, answer) -> nodes.add(
                new NodeView(Peers.nodeOf(member), Peers.addressOf(member), false, true, report(answer, until))));
        nodes.addAll(remembered(nodes));
        return nodes;
    }

    /** What each other member tells of its health checks; see {@link PeerCodec.Kind#HEALTH}. */
    public Map<String, byte[]> healthReports(MembershipSession joined) {
        return answers(joined, PeerCodec.request(PeerCodec.Kind.HEALTH, out -> {}));
    }

    /** What each other member answers to that question of one who follows the log; see {@link PeerCodec.Kind#TAIL}. */
    public Map<String, byte[]> tails(MembershipSession joined, byte[] question) {
        return answers(joined, PeerCodec.request(PeerCodec.Kind.TAIL, out -> out.write(question)));
    }

    private Map<String, byte[]> answers(MembershipSession joined, byte[] request) {
        Map<String, CompletableFuture<byte[]>> answers = new LinkedHashMap<>();
        joined.peers()
                .others()
                .forEach(member ->
                        answers.put(Peers.nodeOf(member), joined.peers().ask(member, request)));
        Map<String, byte[]> heard = new LinkedHashMap<>();
        long until = System.nanoTime() + timeout.toNanos();
        answers.forEach((node, answer) -> {
            try {
                heard.put(node, answer.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                LOG.debug("node {} does not answer", node, e);
            }
        });
        return heard;
    }

    private static Optional<NodeReport> report(CompletableFuture<byte[]> answer, long until) {
        try {
            long left = Math.max(0, until - System.nanoTime());
            return Optional.of(PeerCodec.report(answer.get(left, TimeUnit.NANOSECONDS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException | IOException e) {
            return Optional.empty(); // shown as not answering
        }
    }

    /** Notes who is here and tells who was. */
    private synchronized List<NodeView> remembered(List<NodeView> present) {
        Map<String, String> gone = new LinkedHashMap<>(addresses);
        present.forEach(node -> {
            gone.remove(node.nodeId());
            addresses.put(node.nodeId(), node.address());
        });
        return gone.entrySet().stream()
                .map(node -> new NodeView(node.getKey(), node.getValue(), false, false, Optional.empty()))
                .toList();
    }

    /** Notes the members of this moment, so that one that leaves later is remembered. */
    public synchronized void note(MembershipSession joined) {
        joined.peers().others().forEach(member -> addresses.put(Peers.nodeOf(member), Peers.addressOf(member)));
    }
}
