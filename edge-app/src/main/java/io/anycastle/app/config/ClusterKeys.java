package io.anycastle.app.config;

import io.anycastle.core.store.StoreConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that the store and its cluster layer read. */
public final class ClusterKeys {
    private static final StoreConfig STORE = StoreConfig.defaults(Path.of(""));

    public static final Key<String> NAME = new Key<>(
            "cluster.name",
            Shapes.text("1 to 64 letters, digits and -._", "[A-Za-z0-9._-]{1,64}"),
            STORE.clusterName(),
            "Nodes of different cluster names never join.");
    public static final Key<InetAddress> BIND = new Key<>(
            "cluster.bind",
            Shapes.address(),
            InetAddress.ofLiteral("127.0.0.1"),
            "The loopback or private address that the cluster port is bound to.");
    public static final Key<Integer> PORT = new Key<>(
            "cluster.port",
            Shapes.number(0, HostPort.PORT_MAX),
            STORE.port(),
            "The cluster port; whoever reaches it owns all data, so it must not be reachable. 0 takes a free one.");
    public static final Key<List<HostPort>> MEMBERS = new Key<>(
            "cluster.members",
            Shapes.listOf(Shapes.hostPort(), 0),
            List.of(),
            "The other nodes' cluster addresses; empty for a single node.");
    public static final Key<Integer> BACKUPS = new Key<>(
            "cluster.backups",
            Shapes.number(0, 6),
            STORE.backups(),
            "On how many further nodes the cluster layer keeps each entry in memory.");
    public static final Key<Optional<Integer>> CLIENT_PORT = new Key<>(
            "cluster.client-port",
            Shapes.maybe(Shapes.number(0, HostPort.PORT_MAX)),
            Optional.empty(),
            "Where Hazelcast clients may connect to read and write the cluster maps; they are not authenticated. Nothing means"
                    + " nowhere, 0 a free port.");
    public static final Key<Duration> HEARTBEAT = new Key<>(
            "cluster.heartbeat-timeout",
            Shapes.duration(Duration.ofSeconds(5), Duration.ofMinutes(5)),
            STORE.heartbeatTimeout(),
            "A node unheard for this long is taken for gone.");
    public static final Key<Duration> RESTART_DELAY = new Key<>(
            "cluster.restart-delay",
            Shapes.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            STORE.restartDelay(),
            "The pause before a cluster layer that ended by itself is started again.");
    public static final Key<Duration> CLOCK_DRIFT = new Key<>(
            "cluster.clock-drift-max",
            Shapes.duration(Duration.ZERO, Duration.ofDays(1)),
            STORE.clockDriftMax(),
            "How far another node's clock may be ahead.");
    public static final Key<Duration> TOMBSTONES = new Key<>(
            "cluster.tombstone-lifetime",
            Shapes.duration(Duration.ofHours(1), Duration.ofDays(3650)),
            STORE.tombstoneLifetime(),
            "How long deletions are remembered; a node absent for longer must start from an empty folder.");
    public static final Key<Duration> WRITE_TIMEOUT = new Key<>(
            "store.write-timeout",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            STORE.writeTimeout(),
            "The longest time that a change may take.");
    public static final Key<Integer> ATTEMPTS = new Key<>(
            "store.attempts-max",
            Shapes.number(1, 100),
            STORE.attemptsMax(),
            "How often a change is planned anew after a lost race.");
    public static final Key<Long> LOG_MAX = new Key<>(
            "store.log-max",
            Shapes.size(64 << 10, 1L << 40),
            STORE.logBytesMax(),
            "The append log is compacted into a snapshot when it is larger.");
    public static final Key<Long> ENTRY_MAX = new Key<>(
            "store.change-max",
            Shapes.size(64 << 10, 1 << 30),
            Long.valueOf(STORE.entryBytesMax()),
            "The largest change set in its stored form.");

    static final List<Key<?>> ALL = List.of(
            NAME,
            BIND,
            PORT,
            MEMBERS,
            BACKUPS,
            CLIENT_PORT,
            HEARTBEAT,
            RESTART_DELAY,
            CLOCK_DRIFT,
            TOMBSTONES,
            WRITE_TIMEOUT,
            ATTEMPTS,
            LOG_MAX,
            ENTRY_MAX);

    private ClusterKeys() {}
}
