package io.anycastle.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.DnsCounters;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that go together arrive one by one, at the right asker, whether or not the system can send them so. */
class DatagramSenderTest {
    private static final int BATCH = 100;
    private static final int OCTETS = 512;
    private static final int SO_NO_CHECK = 11;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Arena arena = Arena.ofConfined();
    private final SystemCalls calls = new SystemCalls(arena);
    private final DatagramBatch batch = new DatagramBatch(arena, BATCH, OCTETS);
    private final DnsCounters counters = new DnsCounters();
    private final List<DatagramSocket> clients = new ArrayList<>();
    private final DatagramSender sender;
    private final InetSocketAddress server;
    private final int fd;
    private int next;

    DatagramSenderTest() throws IOException {
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            server = new InetSocketAddress(LOOPBACK, free.getLocalPort());
        }
        fd = calls.socket(SystemCalls.AF_INET);
        MemorySegment address = arena.allocate(16, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) SystemCalls.AF_INET);
        address.set(ValueLayout.JAVA_SHORT, 2, Short.reverseBytes((short) server.getPort()));
        address.set(ValueLayout.JAVA_INT, 4, Integer.reverseBytes(0x7f000001));
        assertThat(calls.bind(fd, address)).isZero();
        sender = new DatagramSender(calls, fd, counters.lane());
        for (int i = 0; i < 2; i++) {
            DatagramSocket client = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
            client.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            client.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            clients.add(client);
        }
    }

    @AfterEach
    void close() {
        clients.forEach(DatagramSocket::close);
        calls.close(fd);
        arena.close();
    }

    @Test
    void answers_of_one_length_to_one_asker_go_together() throws IOException {
        ask(0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0);
        put(true, "a1", "a2", "a3", "long", "long", "a4", "b1", "b2", "a5");
        put(false, "a6", "a7");
        // a1 a2 a3, long long, a4, b1 b2, a5, a6, a7
        assertThat(batch.datagrams()).isEqualTo(7);
        send();

        assertThat(received(0, 9)).containsExactly("a1", "a2", "a3", "long", "long", "a4", "a5", "a6", "a7");
        assertThat(received(1, 2)).containsExactly("b1", "b2");
        assertThat(counters.read()).containsEntry("segments", 7L).containsEntry("dropped", 0L);
    }

    @Test
    void a_datagram_has_no_more_segments_than_every_kernel_takes() throws IOException {
        ask(new int[BATCH]);
        String[] answers =
                IntStream.range(0, BATCH).mapToObj(i -> "answer-" + (100 + i)).toArray(String[]::new);
        put(true, answers);
        assertThat(batch.datagrams()).isEqualTo(2);
        send();
        assertThat(received(0, BATCH)).containsExactly(answers);
    }

    /** The kernel parts nothing on a socket that sends no checksums. */
    @Test
    void where_the_system_cannot_part_them_they_go_one_by_one() throws IOException {
        calls.setInt(fd, SystemCalls.SOL_SOCKET, SO_NO_CHECK, 1);
        ask(0, 0, 0, 1, 0, 0);
        put(true, "a1", "a2", "a3", "b1", "a4", "a5");
        assertThat(batch.datagrams()).isEqualTo(3);
        send();
        assertThat(received(0, 5)).containsExactly("a1", "a2", "a3", "a4", "a5");
        assertThat(received(1, 1)).containsExactly("b1");

        ask(0, 0);
        put(true, "a6", "a7");
        assertThat(batch.datagrams()).isEqualTo(2);
        send();
        assertThat(received(0, 2)).containsExactly("a6", "a7");
        assertThat(counters.read()).containsEntry("segments", 0L).containsEntry("dropped", 0L);
    }

    /** Queries of those clients are received, one after the other. */
    private void ask(int... from) throws IOException {
        for (int client : from) {
            clients.get(client).send(new DatagramPacket(new byte[] {1}, 1, server));
        }
        next = 0;
        assertThat(calls.receive(fd, batch.received(), BATCH)).isEqualTo(from.length);
    }

    /** Answers the next of them. */
    private void put(boolean mayJoin, String... answers) {
        for (String answer : answers) {
            byte[] octets = answer.getBytes(StandardCharsets.US_ASCII);
            batch.put(next++, octets, octets.length, mayJoin);
        }
    }

    private void send() {
        sender.send(batch);
        batch.reset(next);
    }

    private List<String> received(int client, int count) throws IOException {
        List<String> all = new ArrayList<>();
        DatagramPacket one = new DatagramPacket(new byte[OCTETS], OCTETS);
        for (int i = 0; i < count; i++) {
            clients.get(client).receive(one);
            all.add(new String(one.getData(), 0, one.getLength(), StandardCharsets.US_ASCII));
        }
        return all;
    }
}
