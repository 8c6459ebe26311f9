package io.anycastle.proxy.wire;

import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** How a visitor may speak to the edge: each case that is not about one wire alone holds on all of them. */
enum ClientWire {
    HTTP_1("HTTP/1.1", false, false),
    HTTP_1_TLS("HTTP/1.1 in TLS", true, false),
    HTTP_2("HTTP/2", false, true),
    HTTP_2_TLS("HTTP/2 in TLS", true, true),
    HTTP_3("HTTP/3", true, true);

    static final String HOST = "a.example.com";

    private final String title;
    private final boolean isTls;
    private final boolean isMultiplexed;

    ClientWire(String title, boolean isTls, boolean isMultiplexed) {
        this.title = title;
        this.isTls = isTls;
        this.isMultiplexed = isMultiplexed;
    }

    /** Whether a connection carries many requests at the same time. */
    boolean isMultiplexed() {
        return isMultiplexed;
    }

    /** The cases of a table, each over each wire, which is their first column. */
    static Stream<Arguments> onEveryWire(Object[]... cases) {
        return Arrays.stream(cases)
                .flatMap(row -> Arrays.stream(values())
                        .map(wire -> Arguments.of(Stream.concat(Stream.of(wire), Arrays.stream(row))
                                .toArray())));
    }

    static Object[] row(Object... columns) {
        return columns;
    }

    boolean isTls() {
        return isTls;
    }

    /** What an answer tells of better wires. */
    List<String> announced() {
        return isTls && this != HTTP_3 ? List.of("alt-svc: h3=\":443\"; ma=86400") : List.of();
    }

    String scheme() {
        return isTls ? "https" : "http";
    }

    /** A visitor's connection to an edge whose first listener is plain and whose second speaks TLS. */
    Visit visit(Edge edge) throws Exception {
        return visit(connect(edge));
    }

    /** A visitor from that address of this machine, at a port of the edge that speaks this wire. */
    Visit visit(String from, int port) throws Exception {
        return visit(connect(InetAddress.ofLiteral(from), port));
    }

    /** A connection to such an edge that nothing has been asked on; who closes it leaves at once, TLS or not. */
    Line connect(Edge edge) throws IOException {
        return connect(InetAddress.getLoopbackAddress(), port(edge));
    }

    private Line connect(InetAddress from, int port) throws IOException {
        return this == HTTP_3
                ? new Line.Quic(new Http3Client(from, port, HOST))
                : new Line.Tcp(new Socket(InetAddress.getLoopbackAddress(), port, from, 0));
    }

    /** A visitor on that connection. */
    Visit visit(Line connected) throws Exception {
        return switch (connected) {
            case Line.Quic quic -> new Http3Visit(quic.client());
            case Line.Tcp tcp when isMultiplexed -> new Http2Visit(new Http2Client(socket(tcp.socket())), scheme());
            case Line.Tcp tcp -> new Http1Visit(socket(tcp.socket()));
        };
    }

    /** The same for tests that bend frames. */
    Http2Client http2(Edge edge, int... settings) throws Exception {
        return new Http2Client(socket(new Socket(InetAddress.getLoopbackAddress(), port(edge))), settings);
    }

    private Socket socket(Socket connected) throws Exception {
        if (!isTls) {
            return connected;
        }
        String[] protocols = isMultiplexed ? new String[] {"h2"} : new String[0];
        var socket = TestCertificate.over(connected, HOST, protocols);
        socket.startHandshake();
        if (isMultiplexed && !socket.getApplicationProtocol().equals("h2")) {
            throw new IOException("the edge speaks no HTTP/2");
        }
        return socket;
    }

    private int port(Edge edge) {
        return edge.service().listeners().get(isTls ? 1 : 0).port();
    }

    @Override
    public String toString() {
        return title;
    }
}
