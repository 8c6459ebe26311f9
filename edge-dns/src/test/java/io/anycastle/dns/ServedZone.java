package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Zones, services on loopback that answer from them, and the sockets of their clients, which are closed with them. */
public final class ServedZone implements AutoCloseable {
    /** Longer than anything takes that is not broken. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** On loopback. */
    public static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    public static final List<InetSocketAddress> BOTH_FAMILIES =
            List.of(ANY_PORT, new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));

    /** UDP and TCP at any port of loopback. */
    public static final DnsConfig LOOPBACK = DnsConfig.DEFAULTS.withListen(List.of(ANY_PORT));

    /** A TXT set of 25,000 octets. */
    static final String BIG = "big 300 TXT " + ("\"" + "t".repeat(250) + "\" ").repeat(100);

    private final CurrentView view = new CurrentView();
    private final Vertx vertx;
    private final List<Socket> sockets = new ArrayList<>();

    /** The zone example.com with those records; without any, no zone yet. */
    public ServedZone(String... records) {
        this(Vertx.vertx(), records);
    }

    /** @param vertx is closed with it */
    ServedZone(Vertx vertx, String... records) {
        this.vertx = vertx;
        if (records.length > 0) {
            show("example.com", String.join("\n", records));
        }
    }

    /** Puts that zone there, in the place of the one with its name. */
    public void show(String origin, String records) {
        var zone = ZoneText.active(origin, records);
        view.update(zone, zone.names().keySet());
    }

    public CurrentView view() {
        return view;
    }

    public DnsService start(DnsConfig config) throws TimeoutException {
        return await(DnsService.start(vertx, config, view));
    }

    DnsService start(DnsConfig config, DnsService.Sources sources) throws TimeoutException {
        return await(DnsService.start(vertx, config, view, sources));
    }

    public static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static void await(String what, BooleanSupplier wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    static long count(DnsService service, String counter) {
        return service.counters().read().getOrDefault(counter, 0L);
    }

    /** Waits until it has counted so many, and no more. */
    static void awaitCount(DnsService service, String counter, long wanted) {
        await(counter, () -> count(service, counter) >= wanted);
        assertThat(count(service, counter)).as(counter).isEqualTo(wanted);
    }

    /** Where the service answers by UDP and TCP, in the first family that it listens to. */
    public static InetSocketAddress address(DnsService service) {
        return address(service, Transport.UDP);
    }

    public static InetSocketAddress address(DnsService service, Transport transport) {
        return service.listeners().stream()
                .filter(endpoint -> endpoint.transport() == transport)
                .findFirst()
                .orElseThrow()
                .address();
    }

    /** A client that has said nothing yet, of TLS neither. */
    Socket connect(DnsService service, Transport transport) throws IOException {
        return connect(address(service, transport));
    }

    Socket connect(InetSocketAddress address) throws IOException {
        return held(SocketChannel.open(address).socket());
    }

    /** A client that believes those certificates alone, before its handshake. */
    SSLSocket connectTls(DnsService service, Transport transport, TestCertificate... believed) throws Exception {
        InetSocketAddress address = address(service, transport);
        return held((SSLSocket) TestCertificate.trusting(believed)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort()));
    }

    /** Lets the client offer one protocol in its handshake. */
    static void offer(SSLSocket client, String protocol) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        client.setSSLParameters(parameters);
    }

    private <S extends Socket> S held(S socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        sockets.add(socket);
        return socket;
    }

    /** Ends all clients. */
    void disconnect() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        disconnect();
        try {
            await(vertx.close());
        } catch (TimeoutException e) {
            throw new IOException("Vert.x did not end in time", e);
        }
    }
}
