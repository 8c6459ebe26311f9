package io.anycastle.dns.listen;

import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.ServiceParts;
import io.anycastle.dns.compile.AnswerTable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Tries the system-call driver over loopback before it is trusted with the real port. */
final class FfmSelfTest {
    private static final int ANSWER_WAIT_MS = 1000;

    /** {@code . IN NS}, which a server without zones refuses. */
    private static final byte[] QUERY = {0x5e, 0x1f, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

    private FfmSelfTest() {}

    /** Why the driver cannot be used here; empty when it can. */
    static Optional<String> run() {
        try {
            return SystemCalls.areAvailable() ? tryOnce() : Optional.of("this is no 64-bit Linux");
        } catch (IOException | RuntimeException | LinkageError e) {
            return Optional.of("the self-test failed: " + e);
        }
    }

    private static Optional<String> tryOnce() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        int port;
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            port = free.getLocalPort();
        }
        DnsConfig config = DnsConfig.DEFAULTS;
        ServiceParts service = ServiceParts.of(config, AnswerTable.empty(), new DnsCounters());
        DnsCounters.Lane counters = service.counters().lane();
        Responder responder = new Responder(service, counters);
        FfmUdp driver = new FfmUdp(new InetSocketAddress(loopback, port), config.udp(), responder, counters);
        driver.open();
        try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            client.setSoTimeout(ANSWER_WAIT_MS);
            client.send(new DatagramPacket(QUERY, QUERY.length, loopback, port));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            client.receive(answer);
            boolean refused = answer.getLength() == QUERY.length && (answer.getData()[3] & 15) == 5;
            return refused ? Optional.empty() : Optional.of("the self-test got a wrong answer");
        } finally {
            driver.close();
        }
    }
}
