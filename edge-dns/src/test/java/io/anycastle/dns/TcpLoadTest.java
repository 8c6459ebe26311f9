package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
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

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1", ServedZone.BIG);

    @Test
    void idle_connections_slow_writers_and_clients_that_never_read_do_not_disturb_udp_or_other_tcp_clients()
            throws Exception {
        DnsService service = served.start(ServedZone.LOOPBACK.withTcp(
                TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMinutes(5), Duration.ofMinutes(5))));
        connected(service, IDLE);
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> bad = new ArrayList<>();
        bad.add(Thread.ofPlatform().start(writeOctetByOctet(connected(service, SLOW_WRITERS), enough)));
        for (Socket deaf : connected(service, DEAF)) {
            bad.add(Thread.ofVirtual().start(askForEver(deaf, enough)));
        }
        long p99 = askByUdp(ServedZone.address(service));
        Socket fair = connected(service, 1).getFirst();
        for (int i = 0; i < 100; i++) {
            assertThat(Frames.ask(fair, "www.example.com.").getRcode()).isEqualTo(Rcode.NOERROR);
        }
        // Each is counted on an event loop of its own, and once it has gone not any more.
        ServedZone.awaitCount(service, "tcp.connections", IDLE + SLOW_WRITERS + DEAF + 1L);
        enough.set(true);
        served.disconnect();
        for (Thread thread : bad) {
            thread.join();
        }
        assertThat(Duration.ofNanos(p99))
                .describedAs("99 of 100 UDP answers came within")
                .isLessThan(UDP_P99_MAX);
        assertThat(service.counters().read()).containsEntry("tcp.refused", 0L);
    }

    private List<Socket> connected(DnsService service, int count) throws IOException {
        List<Socket> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = served.connect(service, Transport.TCP);
            socket.setTcpNoDelay(true);
            made.add(socket);
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
