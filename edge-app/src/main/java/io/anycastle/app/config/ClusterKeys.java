package io.anycastle.app.config;

import io.anycastle.core.store.StoreConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that the store and its cluster layer read. */
public final class ClusterKeys {
    /** How members reach each other. */
    public enum Mode {
        SINGLE,
        TUNNEL,
        PLAIN
    }

    private static final KeyList KEYS = new KeyList();
    private static final StoreConfig STORE = StoreConfig.defaults(Path.of(""));

    public static final Key<Mode> MODE = KEYS.key(
            "cluster.mode",
            Shapes.choice(Mode.class),
            Mode.TUNNEL,
            "How nodes reach each other: by the mutual-TLS tunnel, from the first invitation or join on; plainly, on a network that"
                    + " you declare private by choosing this; or not at all.");
    public static final Key<String> NAME = KEYS.key(
            "cluster.name",
            Shapes.text("1 to 64 letters, digits and -._", "[A-Za-z0-9._-]{1,64}"),
            STORE.clusterName(),
            "Nodes of different cluster names never join.");
    public static final Key<Optional<HostPort>> LISTEN = KEYS.optional(
            "cluster.listen",
            Shapes.hostPort(),
            "Tunnel mode: where this node takes the others' connections, the one port that they must reach; opened once the node has"
                    + " invited or joined.");
    public static final Key<Optional<HostPort>> ADVERTISE = KEYS.optional(
            "cluster.advertise",
            Shapes.hostPort(),
            "Where the others reach cluster.listen, when that is another address.");
    public static final Key<Duration> TOKEN_LIFETIME = KEYS.key(
            "cluster.token-lifetime",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(30)),
            Duration.ofHours(1),
            "How long a join token works when 'edge cluster invite' does not say.");
    public static final Key<Duration> CERTIFICATE_LIFETIME = KEYS.key(
            "cluster.certificate-lifetime",
            Shapes.duration(Duration.ofMinutes(1), Duration.ofDays(3650)),
            Duration.ofDays(90),
            "How long a node's certificate is good; a node absent for longer must be invited again.");
    public static final Key<Duration> RENEW_BEFORE = KEYS.key(
            "cluster.certificate-renew-before",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(3650)),
            Duration.ofDays(30),
            "A node renews its certificate by itself when less than this is left of it.");
    public static final Key<Duration> CA_LIFETIME = KEYS.key(
            "cluster.ca-lifetime",
            Shapes.duration(Duration.ofDays(1), Duration.ofDays(36_500)),
            Duration.ofDays(3650),
            "How long the cluster's CA is good; 'edge cluster rotate' makes a new one.");
    public static final Key<Duration> CA_OVERLAP = KEYS.key(
            "cluster.ca-overlap",
            Shapes.duration(Duration.ZERO, Duration.ofDays(3650)),
            Duration.ofDays(7),
            "How long the old CA is believed beside the new one after 'edge cluster rotate'; a node absent for longer must be"
                    + " invited again.");
    public static final Key<Duration> CONNECT = KEYS.key(
            "cluster.connect-timeout",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofMinutes(1)),
            STORE.replication().connectTimeout(),
            "The longest time until another node takes a connection. A node that starts looks so long for a cluster, then begins one"
                    + " with those that were found.");
    public static final Key<Duration> HANDSHAKE = KEYS.key(
            "cluster.handshake-timeout",
            Shapes.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            Duration.ofSeconds(10),
            "The longest time for TLS and for each message before a connection between nodes carries data.");
    public static final Key<Duration> ASK_INTERVAL = KEYS.key(
            "cluster.ask-interval",
            Shapes.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            Duration.ofSeconds(30),
            "How often a node asks the others which nodes there are, and looks at its certificate; changes are told at once all the"
                    + " same.");
    public static final Key<Integer> CONNECTIONS_MAX = KEYS.key(
            "cluster.connections-max", Shapes.number(2, 1_000_000), 1000, "Connections to cluster.listen at one time.");
    public static final Key<Integer> JOINS_PER_MINUTE = KEYS.key(
            "cluster.joins-per-minute",
            Shapes.number(1, 1_000_000),
            10,
            "Join attempts of one client address in a minute before it is told to wait.");
    public static final Key<Integer> PORT = KEYS.key(
            "cluster.port",
            Shapes.number(0, HostPort.PORT_MAX),
            STORE.port(),
            "The port of the cluster layer itself, on a loopback address in tunnel mode and on cluster.bind in plain mode; whoever"
                    + " reaches it owns all data. 0 takes a free one.");
    public static final Key<InetAddress> BIND = KEYS.key(
            "cluster.bind",
            Shapes.address(),
            InetAddress.ofLiteral("127.0.0.1"),
            "Plain mode: the loopback or private address that the cluster port is bound to.");
    public static final Key<List<HostPort>> MEMBERS = KEYS.key(
            "cluster.members",
            Shapes.listOf(Shapes.hostPort(), 0),
            List.of(),
            "Plain mode: the other nodes' cluster addresses.");
    public static final Key<Integer> BACKUPS = KEYS.key(
            "cluster.backups",
            Shapes.number(0, 6),
            STORE.backups(),
            "On how many further nodes the cluster layer keeps each entry in memory.");
    public static final Key<Optional<Integer>> CLIENT_PORT = KEYS.optional(
            "cluster.client-port",
            Shapes.number(0, HostPort.PORT_MAX),
            "Where Hazelcast clients may connect to read and write the cluster maps; they are not authenticated. Nothing means"
                    + " nowhere, 0 a free port.");
    public static final Key<Optional<Integer>> WRITE_QUORUM = KEYS.optional(
            "cluster.write-quorum",
            Shapes.number(1, 15),
            "How many nodes' disks must have a change before it is acknowledged; below it writes are refused. Nothing means this"
                    + " node's disk and, where any other node is reachable, one more.");
    public static final Key<Duration> COMPARE_INTERVAL = KEYS.key(
            "cluster.compare-interval",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            STORE.replication().compareInterval(),
            "How often the oldest node compares all nodes' stores and clocks are compared.");
    public static final Key<Duration> ORDER_WAIT = KEYS.key(
            "cluster.order-wait",
            Shapes.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            STORE.replication().orderWait(),
            "How long a change from another node waits for the one before it, before the difference is fetched.");
    public static final Key<Duration> PEER_TIMEOUT = KEYS.key(
            "cluster.peer-timeout",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            STORE.replication().peerTimeout(),
            "The longest time that another node may take to answer.");
    public static final Key<Integer> CONFLICTS_MAX = KEYS.key(
            "cluster.conflicts-max",
            Shapes.number(1, 100_000),
            STORE.replication().conflictsMax(),
            "How many losers of merges each zone lists; the oldest give way.");
    public static final Key<Integer> THREADS = KEYS.key(
            "cluster.threads",
            Shapes.number(1, 64),
            STORE.replication().threads(),
            "Threads of the cluster layer that work on the maps' entries, and as many that work on what nodes ask each other.");
    public static final Key<Integer> MIGRATIONS_MAX = KEYS.key(
            "cluster.migrations-max",
            Shapes.number(1, 271),
            STORE.replication().migrationsMax(),
            "How many of the maps' 271 partitions move at a time when nodes come or go; more are there sooner, and slow down a node that"
                    + " is just starting.");
    public static final Key<Duration> MERGE_INTERVAL = KEYS.key(
            "cluster.merge-interval",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            STORE.replication().mergeInterval(),
            "How often the oldest node looks for nodes that run apart from it.");
    public static final Key<Duration> JOIN = KEYS.key(
            "cluster.join-timeout",
            Shapes.duration(Duration.ofSeconds(5), Duration.ofMinutes(10)),
            STORE.replication().joinTimeout(),
            "How long the start of the cluster layer may take. A node that falls silent while another joins keeps that one waiting as long; then it tries anew.");
    public static final Key<Duration> HEARTBEAT = KEYS.key(
            "cluster.heartbeat-timeout",
            Shapes.duration(Duration.ofSeconds(5), Duration.ofMinutes(5)),
            STORE.heartbeatTimeout(),
            "A node unheard for this long is taken for gone.");
    public static final Key<Duration> RESTART_DELAY = KEYS.key(
            "cluster.restart-delay",
            Shapes.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            STORE.restartDelay(),
            "The pause before a cluster layer that ended by itself is started again.");
    public static final Key<Duration> CLOCK_DRIFT = KEYS.key(
            "cluster.clock-drift-max",
            Shapes.duration(Duration.ZERO, Duration.ofDays(1)),
            STORE.clockDriftMax(),
            "How far another node's clock may be ahead. A step of a clock by no more than this separates no nodes.");
    public static final Key<Duration> CLOCK_WARNING = KEYS.key(
            "cluster.clock-warning",
            Shapes.duration(Duration.ofMillis(100), Duration.ofDays(1)),
            STORE.replication().clockWarning(),
            "A node whose clock is so far from the others' says so in its log and status.");
    public static final Key<Duration> TOMBSTONES = KEYS.key(
            "cluster.tombstone-lifetime",
            Shapes.duration(Duration.ofHours(1), Duration.ofDays(3650)),
            STORE.tombstoneLifetime(),
            "How long it is remembered when a name was deleted. After that an edit of it on a node that was cut off wins over the"
                    + " deletion; without one the name stays deleted, however long the node was away.");
    public static final Key<Duration> WRITE_TIMEOUT = KEYS.key(
            "store.write-timeout",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            STORE.writeTimeout(),
            "The longest time that a change may take.");
    public static final Key<Integer> ATTEMPTS = KEYS.key(
            "store.attempts-max",
            Shapes.number(1, 100),
            STORE.attemptsMax(),
            "How often a change is planned anew after a lost race.");
    public static final Key<Long> LOG_MAX = KEYS.key(
            "store.log-max",
            Shapes.size(64 << 10, 1L << 40),
            STORE.logBytesMax(),
            "The append log is compacted into a snapshot when it is larger.");
    public static final Key<Integer> ENTRY_MAX = KEYS.key(
            "store.change-max",
            Shapes.bytes(64 << 10, 1 << 30),
            STORE.entryBytesMax(),
            "The largest change set in its stored form.");

    static final List<Key<?>> ALL = KEYS.all();

    private ClusterKeys() {}
}
