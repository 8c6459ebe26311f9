package io.anycastle.proxy.wire;

import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.ViaMode;
import io.anycastle.proxy.listen.ClientLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1 without TLS on both sides. */
class PlainEnds implements Ends {
    private static final Duration LONG = Duration.ofSeconds(60);
    /** Longer than what a busy machine takes between two steps. */
    private static final Duration SOME = Duration.ofSeconds(3);

    private static final Duration SHORT = Duration.ofMillis(300);

    private final LinkedBlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final RawOrigin origin;
    private final Edge edge;
    private final int waitSeconds;

    PlainEnds(List<String> settings, int waitSeconds) throws Exception {
        this.waitSeconds = waitSeconds;
        origin = new RawOrigin(connection -> {
            accepted.add(connection.socket());
            connection.holdOpen();
        });
        edge = Edge.edge().site("example.com", "+a.example.com A 192.0.2.1").origin("192.0.2.1", origin.port());
        for (String setting : settings) {
            set(setting);
        }
        prepare(edge);
        edge.start();
    }

    /** Before the edge starts. */
    void prepare(Edge beforeStart) throws Exception {}

    int port() {
        return edge.port();
    }

    Socket patient(Socket socket) throws IOException {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(waitSeconds));
        return socket;
    }

    private void set(String setting) {
        switch (setting) {
            case "via=request" -> edge.via(ViaMode.REQUEST);
            case "via=both" -> edge.via(ViaMode.BOTH);
            case "read=short" -> edge.originTimes(LONG, SHORT, LONG, LONG);
            case "silence=short" -> edge.originTimes(LONG, LONG, SHORT, LONG);
            case "body=short" ->
                edge.clients(new ClientLimits(LONG, LONG, LONG, SHORT, LONG, LONG, 1000, 1000, 32, 64));
            case "plain-only", "whole-only" -> {} // for who chooses the ends
            case "body=long" -> edge.clients(new ClientLimits(LONG, LONG, LONG, SOME, LONG, LONG, 1000, 1000, 32, 64));
            case "trusted=all" -> edge.trusted("127.0.0.0/8");
            default -> throw new IllegalArgumentException("no setting: " + setting);
        }
    }

    @Override
    public Socket visitor() throws IOException {
        return patient(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    @Override
    public Socket origin() throws IOException {
        try {
            return patient(Objects.requireNonNull(
                    accepted.poll(waitSeconds, TimeUnit.SECONDS),
                    "the edge makes no further connection to the origin"));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public int originConnections() {
        return origin.connections();
    }

    @Override
    public void close() throws IOException {
        edge.close();
        origin.close();
    }
}
