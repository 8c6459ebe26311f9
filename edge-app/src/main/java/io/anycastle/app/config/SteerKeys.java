package io.anycastle.app.config;

import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import io.anycastle.dns.steer.SteerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of which edge addresses a client gets. */
public final class SteerKeys {
    /** Whose addresses proxied names answer. */
    public enum Answer {
        ANYCAST,
        NODES
    }

    private static final KeyList NODE = new KeyList();
    private static final KeyList EDGE = new KeyList();

    public static final Key<Integer> WEIGHT = NODE.key(
            "node.weight",
            Shapes.number(1, ServingNode.WEIGHT_MAX),
            1,
            "How often this node is a client's first choice beside the others, with edge.answer: nodes.");
    public static final Key<Optional<Location>> LOCATION = NODE.optional(
            "node.location", Shapes.location(), "Where this node stands, for clients that are to get the nearest.");
    public static final Key<Answer> ANSWER = EDGE.key(
            "edge.answer",
            Shapes.choice(Answer.class),
            Answer.ANYCAST,
            "What proxied names answer: anycast, this node's edge.addresses, which all nodes share; nodes, the"
                    + " edge.addresses of all nodes that serve, each node having its own.");
    public static final Key<Integer> NODES_ANSWERED = EDGE.key(
            "edge.nodes.answered",
            Shapes.number(1, 16),
            SteerConfig.DEFAULTS.nodesAnswered(),
            "How many nodes an answer names at most; the first is the client's first choice.");
    public static final Key<Integer> TTL = EDGE.key(
            "edge.nodes.ttl",
            Shapes.number(1, 86_400),
            SteerConfig.DEFAULTS.ttlSeconds(),
            "Seconds that such answers may be cached: for so long a client may stay with a node that is gone.");
    public static final Key<Duration> CHECK_INTERVAL = EDGE.key(
            "edge.nodes.check-interval",
            Shapes.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            Duration.ofSeconds(1),
            "How often every node is asked how it is.");
    public static final Key<Integer> MISSES = EDGE.key(
            "edge.nodes.misses",
            Shapes.number(1, 100),
            2,
            "After so many questions without an answer a node is no longer answered; one that says it is draining, or"
                    + " that has left the cluster, from the next question on.");
    public static final Key<Optional<Path>> GEOIP = EDGE.optional(
            "edge.nodes.geoip",
            Shapes.path("a database of cities in MaxMind's format"),
            "With it clients get the nearest nodes first, by their resolver's EDNS client subnet or its own address."
                    + " Move a new file into its place, do not write over it.");
    public static final Key<Duration> GEOIP_CHECK = EDGE.key(
            "edge.nodes.geoip-check",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            SteerConfig.DEFAULTS.geoCheck(),
            "How often it is looked whether that file is another.");

    static final List<Key<?>> OF_NODE = NODE.all();

    static final List<Key<?>> OF_EDGE = EDGE.all();

    private SteerKeys() {}
}
