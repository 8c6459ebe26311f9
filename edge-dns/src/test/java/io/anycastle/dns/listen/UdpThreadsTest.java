package io.anycastle.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anycastle.core.limit.Networks;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.ServedZone;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.EDNSOption.Code;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** The threads of the system-call driver: as many as are asked for, all of them at work, and no garbage from any. */
class UdpThreadsTest {
    private static final int QUERIES = 20_000;

    /**
     * Octets; who makes one for each query makes more than that for all. The little that a system call makes is for a batch of them, and whether
     * the compiler leaves it out depends on what else the JVM has run.
     */
    private static final long SMALLEST_OBJECT = 16;

    /** The compiler may need some of these before it leaves out what is only made to be forgotten. */
    private static final int ATTEMPTS = 30;

    private static final int UNDER_WAY = 20;
    private static final int ASKERS = 64;
    private static final String CLIENT_COOKIE = "2464c4abcf10c957";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1", "alias 300 CNAME www", "*.w 300 TXT text");

    @Test
    void a_query_costs_the_drivers_thread_no_heap() throws Exception {
        InetSocketAddress address = start(1);
        assertThat(allocatedFor(address, plain())).isLessThan(SMALLEST_OBJECT * QUERIES);
    }

    @Test
    void a_query_with_a_cookie_costs_the_drivers_thread_no_heap() throws Exception {
        InetSocketAddress address = start(1);
        byte[] first = query("www.example.com.", CLIENT_COOKIE);
        List<byte[]> queries = List.of(
                first,
                query("www.example.com.", given(address, first)),
                query("no.example.com.", given(address, first)),
                query("alias.example.com.", CLIENT_COOKIE + "00".repeat(16)));
        assertThat(allocatedFor(address, queries)).isLessThan(SMALLEST_OBJECT * QUERIES);
    }

    /** Sent short with TC, or with BADCOOKIE to who knows cookies. */
    @Test
    void an_answer_over_the_limit_costs_the_drivers_thread_no_heap() throws Exception {
        InetSocketAddress address = start(config(1)
                .withGuard(GuardConfig.DEFAULTS
                        .withNetworks(new Networks(24, 56, List.of()))
                        .withRateLimit(RateLimitConfig.DEFAULTS
                                .withRates(1)
                                .withSlip(1)
                                .withShortMax(0))));
        List<byte[]> queries = new ArrayList<>(plain());
        queries.add(query("www.example.com.", CLIENT_COOKIE));
        assertThat(allocatedFor(address, queries)).isLessThan(SMALLEST_OBJECT * QUERIES);
    }

    /** Octets that the driver's thread leaves behind for so many queries, once it has stopped to leave more. */
    private long allocatedFor(InetSocketAddress address, List<byte[]> queries) throws IOException {
        long thread = drivers(address).getFirst();
        long allocated = QUERIES;
        try (DatagramSocket client = client()) {
            for (int attempt = 0; attempt < ATTEMPTS && allocated >= QUERIES; attempt++) {
                long before = threads.getThreadAllocatedBytes(thread);
                ask(client, address, QUERIES, queries);
                allocated = threads.getThreadAllocatedBytes(thread) - before;
            }
        }
        return allocated;
    }

    @Test
    void askers_are_spread_over_as_many_threads_as_are_configured() throws Exception {
        InetSocketAddress address = start(3);
        List<Long> drivers = drivers(address);
        assertThat(drivers).hasSize(3);
        List<Long> before = drivers.stream().map(threads::getThreadCpuTime).toList();
        for (int source = 0; source < ASKERS; source++) {
            try (DatagramSocket client = client()) {
                ask(client, address, UNDER_WAY, plain());
            }
        }
        for (int i = 0; i < drivers.size(); i++) {
            assertThat(threads.getThreadCpuTime(drivers.get(i))).isGreaterThan(before.get(i));
        }
    }

    private static DnsConfig config(int threads) {
        return ServedZone.LOOPBACK.withUdp(
                UdpConfig.DEFAULTS.withDriver(Driver.FFM).withThreads(threads));
    }

    private InetSocketAddress start(int threads) throws Exception {
        return start(config(threads));
    }

    private InetSocketAddress start(DnsConfig config) throws Exception {
        return ServedZone.address(served.start(config));
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
        DatagramSocket client = new DatagramSocket(ServedZone.ANY_PORT);
        client.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
        return client;
    }

    private static void ask(DatagramSocket client, InetSocketAddress address, int count, List<byte[]> queries)
            throws IOException {
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

    /** The cookie that is given to who asks so, as hexadecimal digits. */
    private static String given(InetSocketAddress address, byte[] query) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[1232], 1232);
        try (DatagramSocket client = client()) {
            client.send(new DatagramPacket(query, query.length, address));
            client.receive(answer);
        }
        Message message = new Message(Arrays.copyOf(answer.getData(), answer.getLength()));
        EDNSOption option = message.getOPT().getOptions(Code.COOKIE).getFirst();
        return HexFormat.of().formatHex(option.toWire()).substring(8);
    }

    private static List<byte[]> plain() {
        return List.of(
                query("www.example.com."),
                query("alias.example.com."),
                query("x.w.example.com."),
                query("no.example.com."));
    }

    private static byte[] query(String name, EDNSOption... options) {
        var query = Asking.query(name, "A");
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
        return query.toWire();
    }

    /**
     * @param cookie hexadecimal digits
     */
    private static byte[] query(String name, String cookie) {
        return query(name, new GenericEDNSOption(Code.COOKIE, HexFormat.of().parseHex(cookie)));
    }
}
