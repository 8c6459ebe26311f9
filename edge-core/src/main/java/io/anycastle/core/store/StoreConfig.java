package io.anycastle.core.store;

import io.anycastle.core.store.cluster.ClusterSettings;
import io.anycastle.core.store.journal.JournalSettings;
import io.anycastle.core.store.write.WriteSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The store's settings.
 *
 * @param dataFolder where journal and snapshots lie; one node each, made when it is missing
 * @param nodeId names this node in stamps and to other nodes, 1 to 64 letters, digits, '-' or '_'; without one the node makes one at its
 *     first start and keeps it in the data folder
 * @param clusterName nodes of different cluster names never join, 1 to 64 characters
 * @param bindAddress the one address the cluster layer listens on: loopback or private, never all interfaces or a public one
 * @param port the cluster layer's port, 0 (any free one) to 65535; it is never counted up
 * @param members the other nodes as {@code host:port}; empty for a node alone
 * @param backups on how many further nodes the cluster layer keeps each entry in memory, 0 to 6
 * @param clientPort where Hazelcast clients may connect to read and write the cluster maps, 0 (any free one) to 65535; empty: nowhere.
 *     Clients are not authenticated: whoever reaches the port may write
 * @param writeTimeout longest time that {@link EdgeStore#apply} takes, 1 s to 5 min
 * @param heartbeatTimeout a node unheard for this long is taken for gone, 5 s to 5 min
 * @param logBytesMax the append log is compacted into a snapshot when it is larger, 64 KiB to 1 TiB
 * @param entryBytesMax largest change set in its stored form, 64 KiB to 1 GiB
 * @param tombstoneLifetime how long it is remembered when a name was deleted, so that an edit on the other side of a cut can be set against
 *     it, 1 h to 10 years; that it was deleted is known for ever, also to a node that was absent for longer
 * @param clockDriftMax how far a foreign stamp may be ahead of this node's clock, 0 to 1 day
 * @param attemptsMax how often a change set without expected version is planned anew after a lost race, 1 to 100
 * @param restartDelay pause before a cluster layer that ended by itself is started again, 10 ms to 1 h
 * @param network the way to the other nodes where it is not the plain one; with it {@code members} counts for nothing
 * @param replication how changes reach the other nodes
 */
public record StoreConfig(
        Path dataFolder,
        Optional<String> nodeId,
        String clusterName,
        InetAddress bindAddress,
        int port,
        List<String> members,
        int backups,
        OptionalInt clientPort,
        Duration writeTimeout,
        Duration heartbeatTimeout,
        long logBytesMax,
        int entryBytesMax,
        Duration tombstoneLifetime,
        Duration clockDriftMax,
        int attemptsMax,
        Duration restartDelay,
        Optional<MemberNetwork> network,
        Replicating replication) {
    public StoreConfig {
        members = List.copyOf(members);
    }

    /**
     * How changes reach the other nodes.
     *
     * @param writeQuorum how many nodes' disks must have a change before it is acknowledged, 1 to 15; empty: this one's and, where any
     *     other node is reachable, one more
     * @param compareInterval how often the oldest member compares all nodes, 1 s to 1 h
     * @param orderWait how long a change from another node waits for the one before it, 10 ms to 1 min
     * @param peerTimeout longest time that another node may take to answer, 1 s to 5 min
     * @param conflictsMax how many losers of merges each zone lists, 1 to 100,000; the oldest give way
     * @param threads of the cluster layer that work on the maps' entries, and as many that work on what members ask each other, 1 to 64
     * @param migrationsMax how many partitions of the maps move at a time when members come or go, 1 to 271
     * @param connectTimeout longest time until a connection with another node is there, 1 s to 1 min
     * @param joinTimeout longest time until this node has joined the others, or found that there are none; then it tries anew, 5 s to 10 min
     * @param mergeInterval how often the oldest member looks for nodes that run apart from it, 1 s to 10 min
     * @param clockWarning from what difference between the clocks on it is told, 100 ms to 1 day
     */
    public record Replicating(
            OptionalInt writeQuorum,
            Duration compareInterval,
            Duration orderWait,
            Duration peerTimeout,
            int conflictsMax,
            int threads,
            int migrationsMax,
            Duration connectTimeout,
            Duration joinTimeout,
            Duration mergeInterval,
            Duration clockWarning) {
        public static final Replicating DEFAULTS = new Replicating(
                OptionalInt.empty(),
                Duration.ofSeconds(30),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                1_000,
                2,
                1,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1));

        /** The same with other times. */
        public Replicating with(Duration otherCompareInterval, Duration otherPeerTimeout) {
            return new Replicating(
                    writeQuorum,
                    otherCompareInterval,
                    orderWait,
                    otherPeerTimeout,
                    conflictsMax,
                    threads,
                    migrationsMax,
                    connectTimeout,
                    joinTimeout,
                    mergeInterval,
                    clockWarning);
        }

        /** The same with another quorum. */
        public Replicating with(OptionalInt otherQuorum) {
            return new Replicating(
                    otherQuorum,
                    compareInterval,
                    orderWait,
                    peerTimeout,
                    conflictsMax,
                    threads,
                    migrationsMax,
                    connectTimeout,
                    joinTimeout,
                    mergeInterval,
                    clockWarning);
        }

        /** The same with another time to join. */
        public Replicating joiningWithin(Duration otherJoinTimeout) {
            return new Replicating(
                    writeQuorum,
                    compareInterval,
                    orderWait,
                    peerTimeout,
                    conflictsMax,
                    threads,
                    migrationsMax,
                    connectTimeout,
                    otherJoinTimeout,
                    mergeInterval,
                    clockWarning);
        }

        private void check(List<String> problems) {
            range(problems, "write-quorum", writeQuorum.orElse(1), 1, 15);
            range(problems, "compare-interval (ms)", compareInterval.toMillis(), 1_000, 3_600_000);
            range(problems, "order-wait (ms)", orderWait.toMillis(), 10, 60_000);
            range(problems, "peer-timeout (ms)", peerTimeout.toMillis(), 1_000, 300_000);
            range(problems, "conflicts-max", conflictsMax, 1, 100_000);
            range(problems, "threads", threads, 1, 64);
            range(problems, "migrations-max", migrationsMax, 1, 271);
            range(problems, "connect-timeout (ms)", connectTimeout.toMillis(), 1_000, 60_000);
            range(problems, "join-timeout (ms)", joinTimeout.toMillis(), 5_000, 600_000);
            range(problems, "clock-warning (ms)", clockWarning.toMillis(), 100, 86_400_000);
            range(problems, "merge-interval (ms)", mergeInterval.toMillis(), 1_000, 600_000);
        }
    }

    /** What the journal needs of it. */
    public JournalSettings journal() {
        return new JournalSettings(logBytesMax, entryBytesMax, tombstoneLifetime);
    }

    /** What the way of a change needs of it. */
    WriteSettings write() {
        return new WriteSettings(writeTimeout, attemptsMax, replication.writeQuorum(), replication.orderWait());
    }

    /** What the cluster layer needs of it. */
    ClusterSettings cluster() {
        return new ClusterSettings(
                clusterName,
                bindAddress,
                port,
                members,
                clientPort,
                network,
                restartDelay,
                new ClusterSettings.Maps(
                        backups, tombstoneLifetime, replication.threads(), replication.migrationsMax()),
                new ClusterSettings.Times(
                        writeTimeout,
                        heartbeatTimeout,
                        replication.connectTimeout(),
                        replication.joinTimeout(),
                        replication.mergeInterval()));
    }

    /** Whether there are nodes whose data is to be awaited. */
    boolean hasOthers() {
        return network.map(MemberNetwork::hasOthers).orElseGet(() -> !members.isEmpty());
    }

    /** A node alone on loopback. */
    public static StoreConfig defaults(Path dataFolder) {
        return new StoreConfig(
                dataFolder,
                Optional.empty(),
                "anycastle",
                InetAddress.getLoopbackAddress(),
                5701,
                List.of(),
                1,
                OptionalInt.empty(),
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                64L << 20,
                256 << 20,
                Duration.ofDays(30),
                Duration.ofMinutes(1),
                100,
                Duration.ofSeconds(1),
                Optional.empty(),
                Replicating.DEFAULTS);
    }

    /** The same with other nodes, at this port of this address. */
    public StoreConfig with(InetAddress address, int memberPort, List<String> otherMembers) {
        return new StoreConfig(
                dataFolder,
                nodeId,
                clusterName,
                address,
                memberPort,
                otherMembers,
                backups,
                clientPort,
                writeTimeout,
                heartbeatTimeout,
                logBytesMax,
                entryBytesMax,
                tombstoneLifetime,
                clockDriftMax,
                attemptsMax,
                restartDelay,
                network,
                replication);
    }

    /** What is wrong, one plain sentence each; empty when nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (nodeId.isPresent() && !nodeId.get().matches("[A-Za-z0-9_-]{1,64}")) {
            problems.add("node-id '" + nodeId.get() + "' must be 1 to 64 letters, digits, '-' or '_'");
        }
        if (clusterName.isEmpty() || clusterName.length() > 64) {
            problems.add("cluster-name must have 1 to 64 characters");
        }
        if (!isNotPublic(bindAddress)) {
            problems.add("bind-address " + bindAddress.getHostAddress()
                    + " must be a loopback or private address: whoever reaches the cluster port owns all data");
        }
        range(problems, "port", port, 0, 65535);
        range(problems, "client-port", clientPort.orElse(0), 0, 65535);
        range(problems, "backups", backups, 0, 6);
        range(problems, "write-timeout (ms)", writeTimeout.toMillis(), 1_000, 300_000);
        range(problems, "heartbeat-timeout (ms)", heartbeatTimeout.toMillis(), 5_000, 300_000);
        range(problems, "log-bytes-max", logBytesMax, 64 << 10, 1L << 40);
        range(problems, "entry-bytes-max", entryBytesMax, 64 << 10, 1 << 30);
        range(problems, "tombstone-lifetime (s)", tombstoneLifetime.toSeconds(), 3_600, 315_360_000);
        range(problems, "clock-drift-max (s)", clockDriftMax.toSeconds(), 0, 86_400);
        range(problems, "attempts-max", attemptsMax, 1, 100);
        range(problems, "restart-delay (ms)", restartDelay.toMillis(), 10, 3_600_000);
        replication.check(problems);
        return problems;
    }

    private static void range(List<String> problems, String key, long value, long min, long max) {
        if (value < min || value > max) {
            problems.add(key + " " + value + " must be from " + min + " to " + max);
        }
    }

    private static boolean isNotPublic(InetAddress address) {
        boolean isUniqueLocal = address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal;
    }
}
