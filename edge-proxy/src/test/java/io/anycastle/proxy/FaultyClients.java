package io.anycastle.proxy;

import io.anycastle.proxy.wire.Http2Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Clients that go wrong in every way, over HTTP/1.1, HTTP/2 and WebSockets, in TLS and without. */
final class FaultyClients {
    /** What they do once they have asked. */
    enum Fault {
        VANISH,
        VANISH_IN_BODY,
        RESET,
        RESET_IN_BODY,
        HALF_CLOSE,
        READ_SLOWLY,
        SEND_GARBAGE,
        LEAVE_HEAD_UNFINISHED,
        READ_ALL
    }

    private static final String HOST = "a.example.com";
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int PATIENCE_MS = 6_000;
    private static final int READS = 10;
    private static final int CANCEL = 8;
    private static final int PIECE = 1_000;

    private final EdgeProcess edge;
    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    FaultyClients(EdgeProcess edge) {
        this.edge = edge;
    }

    /** How often each of them was gone through with, over HTTP/1.1 and over HTTP/2. */
    Map<String, Integer> done() {
        return Map.copyOf(done);
    }

    /** One connection, whose every trait is drawn. */
    void once(Random random) throws Exception {
        boolean isTls = random.nextBoolean();
        boolean isHttp2 = random.nextBoolean();
        boolean isSocket = random.nextInt(4) == 0;
        List<String> paths = isSocket ? FaultyOrigin.SOCKETS : FaultyOrigin.FAULTS;
        String path = paths.get(random.nextInt(paths.size()));
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        try (Socket plain = connect(random, isTls)) {
            // A handshake that never comes, now and then.
            if (isTls && random.nextInt(10) == 0) {
                plain.getOutputStream().write(garbage(random));
                return;
            }
            Socket socket = isTls ? TestCertificate.over(plain, HOST, isHttp2 ? "h2" : "http/1.1") : plain;
            if (isHttp2) {
                http2(new Http2Client(socket), plain, fault, path, random);
            } else {
                http1(new RawClient(socket), plain, fault, path, random);
            }
            done.merge((isHttp2 ? "HTTP/2 " : "HTTP/1.1 ") + fault, 1, Integer::sum);
        }
    }

    /** From some address of loopback: ports of one alone would run out. */
    private Socket connect(Random random, boolean isTls) throws IOException {
        byte[] from = {127, 0, (byte) random.nextInt(200), (byte) (1 + random.nextInt(200))};
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                isTls ? edge.tlsPort() : edge.plainPort(),
                InetAddress.getByAddress(from),
                0);
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static byte[] garbage(Random random) {
        byte[] garbage = new byte[1 + random.nextInt(3 * PIECE)];
        random.nextBytes(garbage);
        return garbage;
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private static void reset(Socket plain) throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    private static void http1(RawClient client, Socket plain, Fault fault, String path, Random random)
            throws IOException {
        client.socket().setSoTimeout(PATIENCE_MS);
        String host = " HTTP/1.1\r\nHost: " + HOST + "\r\n";
        String get = "GET " + path + host + "\r\n";
        String post = "POST " + path + host + "Content-Length: 100000\r\n\r\n" + "x".repeat(random.nextInt(99_000));
        if (path.startsWith("/socket")) {
            client.send(
                    "GET " + path + host + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
            client.readHead();
            get = "a frame";
            post = "x".repeat(random.nextInt(99_000));
        }
        switch (fault) {
            case VANISH -> client.send(get.repeat(1 + random.nextInt(3)));
            case VANISH_IN_BODY -> client.send(post);
            case RESET -> {
                client.send(get.repeat(1 + random.nextInt(3)));
                reset(plain);
            }
            case RESET_IN_BODY -> {
                client.send(post);
                pause();
                reset(plain);
            }
            case HALF_CLOSE -> {
                client.send(random.nextBoolean() ? get : post).socket().shutdownOutput();
                drain(client);
            }
            case READ_SLOWLY -> {
                client.send(get);
                for (int i = 0; i < READS; i++) {
                    pause();
                    client.exactly(1);
                }
            }
            case SEND_GARBAGE -> {
                client.send(garbage(random));
                pause();
            }
            case LEAVE_HEAD_UNFINISHED -> client.send(get.substring(0, random.nextInt(get.length())));
            case READ_ALL -> {
                client.send(get).socket().setSoTimeout(PATIENCE_MS);
                client.read();
            }
        }
    }

    private static void drain(RawClient client) throws IOException {
        client.in().transferTo(java.io.OutputStream.nullOutputStream());
    }

    private static void http2(Http2Client client, Socket plain, Fault fault, String path, Random random)
            throws IOException {
        boolean isSocket = path.startsWith("/socket");
        List<String> head = isSocket
                ? Http2Client.head("CONNECT", path, ":protocol: websocket", "sec-websocket-version: 13")
                : Http2Client.head(fault.name().endsWith("BODY") ? "POST" : "GET", path);
        boolean hasBody = isSocket || fault.name().endsWith("BODY");
        Http2Client.Stream stream = client.open(!hasBody, head);
        if (hasBody) {
            stream.data(new byte[random.nextInt(60_000)], false);
        }
        switch (fault) {
            case VANISH, VANISH_IN_BODY -> client.get("/large");
            case RESET -> {
                pause();
                stream.reset(CANCEL);
                client.get("/ok/after").next();
            }
            case RESET_IN_BODY -> reset(plain);
            case HALF_CLOSE -> {
                plain.shutdownOutput();
                pause();
            }
            case READ_SLOWLY -> {
                for (int i = 0; i < READS; i++) {
                    pause();
                    stream.took(1);
                }
            }
            case SEND_GARBAGE -> {
                client.frame(random.nextInt(12), random.nextInt(256), random.nextInt(5), garbage(random));
                pause();
            }
            case LEAVE_HEAD_UNFINISHED -> {
                client.frame(Http2Client.HEADERS, 0, stream.id() + 2, Http2Client.block(head));
                pause();
            }
            case READ_ALL -> readAll(stream);
        }
    }

    private static void readAll(Http2Client.Stream stream) throws IOException {
        Http2Client.Said said = stream.next();
        while (!said.isEnd()) {
            stream.took(said.data().length);
            said = stream.next();
        }
    }
}
