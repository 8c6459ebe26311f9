package io.anycastle.app.config;

import io.anycastle.proxy.listen.Http3Limits;
import java.time.Duration;
import java.util.List;

/** The keys of HTTP/3. */
public final class Http3Keys {
    private static final KeyList KEYS = new KeyList();
    private static final Http3Limits DEFAULTS = Http3Limits.DEFAULTS;

    public static final Key<Integer> STREAMS = KEYS.key(
            "limits.http3-streams-max",
            Shapes.number(1, 10_000),
            DEFAULTS.streamsMax(),
            "Requests of one HTTP/3 connection at the same time.");
    public static final Key<Integer> STREAM_WINDOW = KEYS.key(
            "limits.http3-stream-window",
            Shapes.bytes(64 << 10, 16 << 20),
            DEFAULTS.streamWindowBytes(),
            "How much of one request's body may come over HTTP/3 before its origin takes it.");
    public static final Key<Integer> CONNECTION_WINDOW = KEYS.key(
            "limits.http3-connection-window",
            Shapes.bytes(64 << 10, 64 << 20),
            DEFAULTS.connectionWindowBytes(),
            "The same of all requests of one connection together.");
    public static final Key<Integer> RESETS = KEYS.key(
            "limits.http3-resets-max",
            Shapes.number(1, 1_000_000),
            DEFAULTS.resetsMax(),
            "HTTP/3 requests of one connection that are broken off, and frames that carry nothing, within limits.http3-rate-window; then"
                    + " the connection is ended.");
    public static final Key<Duration> RATE_WINDOW = KEYS.key(
            "limits.http3-rate-window",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            DEFAULTS.window(),
            "The time in which these are counted.");
    public static final Key<Integer> BROKEN = KEYS.key(
            "limits.http3-broken-max",
            Shapes.number(1, 1_000_000),
            DEFAULTS.brokenMax(),
            "HTTP/3 requests of one connection that are broken off in its life; then the client is asked for another connection.");
    public static final Key<Integer> HANDSHAKES = KEYS.key(
            "limits.quic-handshakes-max",
            Shapes.number(0, 1_000_000),
            DEFAULTS.handshakesMax(),
            "QUIC handshakes under way on one event loop; beyond it new clients must prove their address first, by a round trip more.");
    public static final Key<Integer> PAYLOAD = KEYS.key(
            "limits.quic-payload-max",
            Shapes.number(1_200, 65_527),
            DEFAULTS.payloadMax(),
            "Bytes of a QUIC datagram at most; where a path takes less, that is found out.");
    public static final Key<Integer> SOCKET_BUFFER = KEYS.key(
            "limits.quic-socket-buffer",
            Shapes.bytes(64 << 10, 256 << 20),
            DEFAULTS.socketBufferBytes(),
            "What the kernel may keep of QUIC datagrams for each socket, each way; it may grant less.");
    static final List<Key<?>> ALL = KEYS.all();

    private Http3Keys() {}
}
