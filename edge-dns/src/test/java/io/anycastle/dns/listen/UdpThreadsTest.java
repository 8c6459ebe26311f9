package io.anycastle.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.answer.Asking;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** The threads of the system-call driver: as many as are asked for, all of them at work, and no garbage from any. */
class UdpThreadsTest {
    private static final int QUERIES = 20_000;

    /** The compiler may need some of these before it leaves out what is only made to be forgotten. */
    private static final int ATTEMPTS = 30;

    private static final int UNDER_WAY = 20;
    private static final int ASKERS = 64;

    private final Vertx vertx = Vertx.vertx();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void a_query_costs_the_drivers_thread_no_heap() throws Exception {
        InetSocketAddress address = start(1);
        long thread = drivers(address).getFirst();
        try (DatagramSocket client = client()) {
            long allocated = QUERIES;
            for (int attempt = 0; attempt < ATTEMPTS && allocated >= QUERIES; attempt++) {
                long before = threads.getThreadAllocatedBytes(thread);
                ask(client, address, QUERIES);
                allocated = threads.getThreadAllocatedBytes(thread) - before;
            }
            // Less than one octet for each query.
            assertThat(allocated).isLessThan(QUERIES);
        }
    }

    @Test
    void askers_are_spread_over_as_many_threads_as_are_configured() throws Exception {
        InetSocketAddress address = start(3);
        List<Long> drivers = drivers(address);
        assertThat(drivers).hasSize(3);
        List<Long> before = drivers.stream().map(threads::getThreadCpuTime).toList();
        for (int asker = 0; asker < ASKERS; asker++) {
            try (DatagramSocket client = client()) {
                ask(client, address, UNDER_WAY);
            }
        }
        for (int i = 0; i < drivers.size(); i++) {
            assertThat(threads.getThreadCpuTime(drivers.get(i))).isGreaterThan(before.get(i));
        }
    }

    private InetSocketAddress start(int count) throws Exception {
        CurrentView view = new CurrentView();
        var zone = ZoneText.active("example.com", "www 300 A 192.0.2.1\nalias 300 CNAME www\n*.w 300 TXT text");
        view.update(zone, zone.names().keySet());
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)))
                .withUdp(UdpConfig.DEFAULTS.withDriver(Driver.FFM).withThreads(count));
        DnsService service = DnsService.start(vertx, config, view)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return service.listeners().getFirst().address();
    }

    private List<Long> drivers(InetSocketAddress address) {
        List<Long> ids = new ArrayList<>();
        for (var thread : threads.dumpAllThreads(false, false)) {
            if (thread.getThreadName().startsWith("dns-udp-")
                    && thread.getThreadName().endsWith(":" + address.getPort())) {
                ids.add(thread.getThreadId());
            }
        }
        return ids;
    }

    private static DatagramSocket client() throws IOException {
        DatagramSocket client = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        client.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
        return client;
    }

    private static void ask(DatagramSocket client, InetSocketAddress address, int count) throws IOException {
        List<byte[]> queries = List.of(
                query("www.example.com."),
                query("alias.example.com."),
                query("x.w.example.com."),
                query("no.example.com."));
        DatagramPacket answer = new DatagramPacket(new byte[1232], 1232);
        for (int sent = 0; sent < count; sent += UNDER_WAY) {
            for (int i = 0; i < UNDER_WAY; i++) {
                byte[] query = queries.get(i % queries.size());
                client.send(new DatagramPacket(query, query.length, address));
            }
            for (int i = 0; i < UNDER_WAY; i++) {
                client.receive(answer);
            }
        }
    }

    private static byte[] query(String name) {
        var query = Asking.query(name, "A");
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query.toWire();
    }
}
