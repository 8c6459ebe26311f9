package io.anycastle.app.config;

import io.anycastle.dns.TcpConfig;
import io.anycastle.dns.UdpConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that the DNS service reads. */
public final class DnsKeys {
    private static final KeyList KEYS = new KeyList();
    private static final UdpConfig UDP = UdpConfig.DEFAULTS;
    private static final TcpConfig TCP = TcpConfig.DEFAULTS;

    public static final Key<List<ListenerAddress>> LISTEN = KEYS.key(
            "dns.listen",
            ListenerShape.plain(5300),
            ListenerAddress.loopback(5300, 5300),
            "Where DNS is answered, over UDP and TCP.");

    public static final Key<UdpConfig.Driver> UDP_DRIVER = KEYS.key(
            "dns.udp.driver",
            Shapes.choice(UdpConfig.Driver.class),
            UDP.driver(),
            "The way to the UDP sockets; auto takes the best that works here.");
    public static final Key<Optional<Integer>> UDP_THREADS = KEYS.optional(
            "dns.udp.threads",
            Shapes.number(1, 256),
            "Sockets and threads per address; nothing means one per processor, at most 4.");
    public static final Key<Integer> UDP_PAYLOAD_MAX = KEYS.key(
            "dns.udp.payload-max", Shapes.number(512, 4096), UDP.payloadMax(), "The largest UDP answer in bytes.");
    public static final Key<Integer> UDP_BATCH =
            KEYS.key("dns.udp.batch", Shapes.number(1, 1024), UDP.batch(), "Datagrams per system call.");
    public static final Key<Integer> UDP_SOCKET_BUFFER = KEYS.key(
            "dns.udp.socket-buffer",
            Shapes.bytes(4096, 1 << 30),
            UDP.socketBufferBytes(),
            "Asked of the system for each direction of each socket.");
    public static final Key<Optional<Integer>> TCP_THREADS = KEYS.optional(
            "dns.tcp.threads",
            Shapes.number(1, 256),
            "Event loops that share the connections of each address; nothing means one per processor, at most 4.");
    public static final Key<Duration> TCP_IDLE = KEYS.key(
            "dns.tcp.idle",
            Shapes.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            TCP.idleTimeout(),
            "A TCP connection that completes no query for so long is closed.");
    public static final Key<Duration> TCP_IDLE_MIN = KEYS.key(
            "dns.tcp.idle-min",
            Shapes.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            TCP.idleTimeoutMin(),
            "The same when dns.tcp.connections-max is reached; it shrinks towards that from half of them on.");
    public static final Key<Integer> TCP_CONNECTIONS = KEYS.key(
            "dns.tcp.connections-max",
            Shapes.number(1, 1_000_000),
            TCP.connectionsMax(),
            "TCP connections over all addresses; one more is closed at once.");
    public static final Key<Integer> TCP_QUERY_MAX = KEYS.key(
            "dns.tcp.query-max", Shapes.number(512, 65_535), TCP.queryBytesMax(), "The longest TCP query in bytes.");
    public static final Key<Integer> TCP_WRITE_QUEUE = KEYS.key(
            "dns.tcp.write-queue",
            Shapes.bytes(1024, 64 << 20),
            TCP.writeQueueBytesMax(),
            "A client that reads slower than this is not read from until it catches up.");
    public static final Key<Long> TCP_SLOW_MAX = KEYS.key(
            "dns.tcp.slow-max",
            Shapes.size(1L << 20, 64L << 30),
            TCP.slowBytesMax(),
            "What all such clients together may leave unread; one more is closed.");
    public static final Key<Integer> TCP_TURN = KEYS.key(
            "dns.tcp.turn",
            Shapes.number(1, 100_000),
            TCP.turn(),
            "Pipelined queries of one connection that are answered before the others have their turn.");

    static final List<Key<?>> ALL = KEYS.all();

    private DnsKeys() {}
}
