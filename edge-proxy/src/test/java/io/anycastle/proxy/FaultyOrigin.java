package io.anycastle.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** An origin that answers {@code /ok/} rightly and goes wrong at each other path in the way that it names. */
final class FaultyOrigin implements AutoCloseable {
    /** The ways, of which the last are for WebSockets. */
    static final List<String> FAULTS = List.of(
            "/garbage",
            "/too-much",
            "/too-little",
            "/slow",
            "/early",
            "/reset",
            "/close",
            "/chunks",
            "/silent",
            "/large",
            "/refused-switch");

    static final List<String> SOCKETS = List.of("/socket", "/socket-reset", "/socket-garbage");

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: ";
    private static final int PIECES = 10;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final String LARGE = "x".repeat(1 << 20);

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final RawOrigin origin;

    FaultyOrigin() throws IOException {
        origin = new RawOrigin(connection -> {
            while (!connection.socket().isClosed()) {
                String head = connection.readHead();
                answer(connection, head, head.split(" ", 3)[1]);
            }
        });
    }

    int port() {
        return origin.port();
    }

    /** How often each fault was met. */
    Map<String, Integer> asked() {
        return Map.copyOf(asked);
    }

    /** What is at such a path. */
    static String content(String path) {
        return path.repeat(1 + path.hashCode() % 7 * (path.hashCode() % 7) * 100);
    }

    private void answer(RawOrigin.Served peer, String head, String path) throws Exception {
        if (path.startsWith("/ok/")) {
            String body = head.startsWith("POST") ? posted(peer, head) : content(path);
            peer.send(OK + body.length() + "\r\n\r\n" + body);
            return;
        }
        asked.merge(path, 1, Integer::sum);
        if (SOCKETS.contains(path)) {
            speak(peer, head, path);
        } else {
            fail(peer, path);
            // Whatever it has answered already: the edge may use the connection again where all of it was right.
            posted(peer, head);
        }
    }

    private static String posted(RawOrigin.Served peer, String head) throws IOException {
        RawClient.Answer request = new RawClient.Answer(head, new byte[0]);
        boolean isChunked = !request.header("transfer-encoding").isEmpty();
        String length = request.header("content-length");
        byte[] body = isChunked
                ? peer.peer().readChunks()
                : peer.peer().exactly(length.isEmpty() ? 0 : Integer.parseInt(length));
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    private static void fail(RawOrigin.Served peer, String path) throws IOException {
        switch (path) {
            case "/garbage" ->
                peer.send("\0\1\2 nothing that is a head\r\n\r\n").socket().close();
            case "/too-much" -> peer.send(OK + "5\r\n\r\nfive!" + "more".repeat(20_000));
            case "/too-little" ->
                peer.send(OK + "100000\r\n\r\nlittle").socket().close();
            case "/slow" -> slowly(peer);
            case "/early" -> peer.send(OK + "5\r\n\r\nearly");
            case "/reset" -> reset(peer.send(OK + "100000\r\n\r\n" + "x".repeat(50_000)));
            case "/chunks" ->
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nno number\r\n");
            case "/silent" -> peer.peer().in().transferTo(java.io.OutputStream.nullOutputStream());
            case "/large" -> peer.send(OK + LARGE.length() + "\r\n\r\n" + LARGE);
            case "/refused-switch" -> peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n");
            default -> peer.socket().close();
        }
    }

    private static void slowly(RawOrigin.Served peer) throws IOException {
        peer.send(OK + PIECES + "\r\n\r\n");
        for (int i = 0; i < PIECES; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            peer.send("x");
        }
    }

    private static void reset(RawOrigin.Served peer) throws IOException {
        peer.socket().setSoLinger(true, 0);
        peer.socket().close();
    }

    /** Says back what it hears, up to the fault. */
    private static void speak(RawOrigin.Served peer, String head, String path) throws Exception {
        String key = new RawClient.Answer(head, new byte[0]).header("sec-websocket-key");
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        peer.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                        + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        switch (path) {
            case "/socket-reset" -> reset(peer.send("x".repeat(10_000)));
            case "/socket-garbage" ->
                peer.send("\377\377\377".repeat(10_000)).socket().close();
            default -> peer.peer().in().transferTo(peer.socket().getOutputStream());
        }
        peer.socket().close();
    }

    /** Ends all its connections, so that none is kept for it. */
    void leave() throws IOException {
        origin.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
