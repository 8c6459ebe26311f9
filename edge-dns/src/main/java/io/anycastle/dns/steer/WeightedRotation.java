package io.anycastle.dns.steer;

import io.anycastle.core.health.ServingNode;
import io.anycastle.dns.compile.EdgeAddresses;
import io.anycastle.dns.compile.RrSet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Ready answers of one family, among which each query takes one at random, so that nodes come first as often as their weights say.
 * Immutable.
 *
 * <p>The first node of each answer is dealt by smooth weighted round robin over all places of the rotation, which is exact; those behind it,
 * the client's second choice, are drawn by weight.
 */
final class WeightedRotation {
    /** A power of two, so that a place is chosen without a division. */
    private static final int PLACES = 256;

    private final @Nullable RrSet[] answers;

    private WeightedRotation(@Nullable RrSet[] answers) {
        this.answers = answers;
    }

    /** A rotation of one answer: what all clients get; null for NODATA. */
    static WeightedRotation ofOne(@Nullable RrSet answer) {
        return new WeightedRotation(new @Nullable RrSet[] {answer});
    }

    /**
     * Deals the nodes that have addresses of the family.
     *
     * @param family four or sixteen, the octets of its addresses
     * @param ranks nodes in the order in which they are to be used, equals together
     * @param nodesEach how many nodes an answer names at most
     */
    static WeightedRotation of(int family, List<List<ServingNode>> ranks, int nodesEach, int ttlSeconds) {
        List<List<ServingNode>> able = ranks.stream()
                .map(rank -> rank.stream()
                        .filter(node -> !addresses(node, family).isEmpty())
                        .toList())
                .filter(rank -> !rank.isEmpty())
                .toList();
        if (able.isEmpty()) {
            return ofOne(null);
        }
        List<ServingNode> first = able.getFirst();
        Random random = new Random(first.hashCode());
        long[] credit = new long[first.size()];
        Map<List<ServingNode>, RrSet> made = new HashMap<>();
        @Nullable RrSet[] answers = new RrSet[PLACES];
        for (int i = 0; i < PLACES; i++) {
            List<ServingNode> drawn = draw(first.get(deal(first, credit)), able, nodesEach, random);
            answers[i] = made.computeIfAbsent(drawn, nodes -> answer(family, nodes, ttlSeconds));
        }
        return new WeightedRotation(answers);
    }

    /** Smooth weighted round robin: each node earns its weight, the richest is taken and pays for all. */
    private static int deal(List<ServingNode> nodes, long[] credit) {
        long total = 0;
        int richest = 0;
        for (int i = 0; i < credit.length; i++) {
            credit[i] += nodes.get(i).weight();
            total += nodes.get(i).weight();
            if (credit[i] > credit[richest]) {
                richest = i;
            }
        }
        credit[richest] -= total;
        return richest;
    }

    private static List<ServingNode> draw(
            ServingNode first, List<List<ServingNode>> ranks, int nodesEach, Random random) {
        List<ServingNode> drawn = new ArrayList<>(List.of(first));
        for (List<ServingNode> rank : ranks) {
            List<ServingNode> left = new ArrayList<>(rank);
            left.remove(first);
            while (!left.isEmpty() && drawn.size() < nodesEach) {
                drawn.add(left.remove(byWeight(left, random)));
            }
        }
        return drawn;
    }

    private static int byWeight(List<ServingNode> nodes, Random random) {
        int point = random.nextInt(nodes.stream().mapToInt(ServingNode::weight).sum());
        int at = 0;
        while (point >= nodes.get(at).weight()) {
            point -= nodes.get(at++).weight();
        }
        return at;
    }

    private static RrSet answer(int family, List<ServingNode> nodes, int ttlSeconds) {
        List<InetAddress> addresses =
                nodes.stream().flatMap(node -> addresses(node, family).stream()).toList();
        return EdgeAddresses.inOrder(addresses, ttlSeconds);
    }

    private static List<InetAddress> addresses(ServingNode node, int family) {
        return node.addresses().stream()
                .filter(address -> address.getAddress().length == family)
                .toList();
    }

    /**
     * @param random any number
     * @return null when no node has an address of the family
     */
    @Nullable
    RrSet at(int random) {
        return answers[random & (answers.length - 1)];
    }
}
