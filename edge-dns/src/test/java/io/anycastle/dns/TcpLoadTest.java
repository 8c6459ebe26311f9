package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.answer.Asking;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** What many bad TCP clients cost the others: next to nothing. */
class TcpLoadTest {
    private static final int IDLE = 2_000;
    private static final int SLOW_WRITERS = 200;
    private static final int DEAF = 50;
    private static final int ASKED = 3_000;

    /** Ten times what one answer in a hundred took at most on a busy machine with two cores. */
    private static final Duration UDP_P99_MAX = Duration.ofMillis(100);

    private final CurrentView view = new CurrentView();
    private final Vertx vertx = Vertx.vertx();
    private final List<Socket> sockets = new ArrayList<>();

    TcpLoadTest() {
        var zone = ZoneText.active(
                "example.com", "www 300 A 192.0.2.1\nbig 300 TXT " + ("\"" + "t".repeat(250) + "\" ").repeat(100));
        view.update(zone, zone.names().keySet());
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void idle_connections_slow_writers_and_clients_that_never_read_do_not_disturb_udp_or_other_tcp_clients()
            throws Exception {
        DnsService service = start();
        InetSocketAddress address = service.listeners().getFirst().address();
        for (int i = 0; i < IDLE; i++) {
            connect(address);
        }
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> bad = new ArrayList<>();
        bad.add(Thread.ofPlatform().start(writeOctetByOctet(connected(address, SLOW_WRITERS), enough)));
        for (Socket deaf : connected(address, DEAF)) {
            bad.add(Thread.ofVirtual().start(askForEver(deaf, enough)));
        }
        long p99 = askByUdp(address);
        Socket fair = connect(address);
        for (int i = 0; i < 100; i++) {
            assertThat(Frames.ask(fair, "www.example.com.").getRcode()).isEqualTo(Rcode.NOERROR);
        }
        awaitConnections(service, IDLE + SLOW_WRITERS + DEAF + 1L);
        enough.set(true);
        for (Socket socket : sockets) {
            socket.close();
        }
        for (Thread thread : bad) {
            thread.join();
        }
        assertThat(Duration.ofNanos(p99))
                .describedAs("99 of 100 UDP answers came within")
                .isLessThan(UDP_P99_MAX);
        assertThat(service.counters().read()).containsEntry("tcp.refused", 0L);
    }

    /** Each is counted on an event loop of its own, and once it has gone not any more. */
    private static void awaitConnections(DnsService service, long wanted) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (service.counters().read().getOrDefault("tcp.connections", 0L) < wanted && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(service.counters().read()).containsEntry("tcp.connections", wanted);
    }

    private DnsService start() throws Exception {
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)))
                .withTcp(TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        return DnsService.start(vertx, config, view).await(20, TimeUnit.SECONDS);
    }

    private Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private List<Socket> connected(InetSocketAddress address, int count) throws IOException {
        List<Socket> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(connect(address));
        }
        return made;
    }

    /** Whole queries in the end, one octet a round. */
    private static Runnable writeOctetByOctet(List<Socket> writers, AtomicBoolean enough) {
        byte[] frame = Frames.of(1, "www.example.com.");
        return () -> {
            for (int at = 0; !enough.get(); at = (at + 1) % frame.length) {
                for (Socket writer : writers) {
                    if (!write(writer, frame, at, 1)) {
                        return;
                    }
                }
            }
        };
    }

    private static Runnable askForEver(Socket deaf, AtomicBoolean enough) {
        byte[] frame = Frames.of(1, "big.example.com.");
        return () -> {
            while (!enough.get() && write(deaf, frame, 0, frame.length)) {
                Thread.onSpinWait();
            }
        };
    }

    private static boolean write(Socket socket, byte[] octets, int from, int count) {
        try {
            socket.getOutputStream().write(octets, from, count);
            return true;
        } catch (IOException e) {
            return false; // the test is over
        }
    }

    /** Every query is answered; the time in nanoseconds that 99 of 100 took at most. */
    private static long askByUdp(InetSocketAddress address) throws IOException {
        byte[] query = Asking.query("www.example.com.", "A").toWire();
        long[] nanos = new long[ASKED];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            socket.setSoTimeout(20_000);
            DatagramPacket answer = new DatagramPacket(new byte[1232], 1232);
            for (int i = 0; i < ASKED; i++) {
                long sent = System.nanoTime();
                socket.send(new DatagramPacket(query, query.length));
                socket.receive(answer);
                nanos[i] = System.nanoTime() - sent;
            }
            assertThat(new Message(Arrays.copyOf(answer.getData(), answer.getLength())).getRcode())
                    .isEqualTo(Rcode.NOERROR);
        }
        Arrays.sort(nanos);
        return nanos[ASKED * 99 / 100];
    }
}
