package io.anycastle.core.store.cluster;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the cluster layer is told.
 *
 * @param name nodes of different cluster names never join
 * @param bindAddress the one address that it listens on
 * @param port of the other members, 0: any free one
 * @param members the other nodes as {@code host:port}
 * @param clientPort where Hazelcast clients may connect; empty: nowhere
 * @param network the way to the other nodes where it is not the plain one; with it {@code members} counts for nothing
 * @param restartDelay pause before a layer that ended by itself is started again
 * @param maps how it keeps the cluster maps
 * @param times how long it waits for what
 */
public record ClusterSettings(
        String name,
        InetAddress bindAddress,
        int port,
        List<String> members,
        OptionalInt clientPort,
        Optional<? extends MemberPaths> network,
        Duration restartDelay,
        Maps maps,
        Times times) {
    /**
     * How the cluster maps are kept.
     *
     * @param backups on how many further nodes each entry is kept in memory
     * @param tombstoneLifetime how long a name without records keeps its value
     * @param threads that work on entries, and as many on what members ask each other
     * @param migrationsMax how many partitions move at a time
     */
    public record Maps(int backups, Duration tombstoneLifetime, int threads, int migrationsMax) {}

    /**
     * How long it waits for what.
     *
     * @param write the longest time of an operation on a map
     * @param heartbeat a node unheard for this long is taken for gone
     * @param connect until a connection with another node is there
     * @param join until this node has joined the others, or found that there are none; then it tries anew
     * @param merge how often the oldest member looks for nodes that run apart from it
     */
    public record Times(Duration write, Duration heartbeat, Duration connect, Duration join, Duration merge) {}
}
