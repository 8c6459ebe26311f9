package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anycastle.core.model.ZoneState;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** Answering makes no garbage: nothing to collect, no pauses. */
class NoAllocationTest {
    private static final int ROUNDS = 20_000;

    private static final ZoneState ZONE = ZoneText.active("example.com", """
            @       300 A     192.0.2.1
            @       300 A     192.0.2.2
            @       300 MX    5 mail
            *.w     300 TXT   text
            one     300 CNAME two
            two     300 CNAME three
            three   300 A     192.0.2.3
            child   300 NS    ns.child
            ns.child 300 A    192.0.2.4
            mail    300 A     192.0.2.6
            *.x     300 MX    5 mail
            old     300 DNAME new
            a.new   300 MX    5 mail
            sip     300 SRV   1 2 3 mail
            svc     300 HTTPS 1 . alpn=h2
            svc     300 A     192.0.2.7
            ring    300 DNAME gnir
            gnir    300 DNAME ring
            tochild 300 CNAME x.child
            proxied blog 1 A  192.0.2.5
            """);

    /** Limits that let everything pass, those of the defaults, and none. */
    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 100, 0})
    void a_query_costs_no_heap(int rate) {
        RateLimitConfig limits = RateLimitConfig.DEFAULTS.withRates(rate).withAllMax(rate);
        Asking edge = new Asking(
                DnsConfig.DEFAULTS.withAnswers(Asking.CONFIG).withGuard(GuardConfig.DEFAULTS.withRateLimit(limits)),
                InstantSource.system(),
                ZONE);
        List<byte[]> queries = List.of(
                query("example.com.", "A"),
                query("example.com.", "MX"),
                query("example.com.", "SOA"),
                query("x.w.example.com.", "TXT"),
                query("one.example.com.", "A"),
                query("one.example.com.", "MX"),
                query("x.child.example.com.", "A"),
                query("blog.example.com.", "AAAA"),
                query("no.example.com.", "A"),
                query("example.com.", "NS"),
                query("w.x.example.com.", "MX"),
                query("a.old.example.com.", "MX"),
                query("no.old.example.com.", "A"),
                query(
                        "x".repeat(60) + "." + "y".repeat(60) + "." + "z".repeat(60) + "." + "w".repeat(53)
                                + ".old.example.com.",
                        "A"),
                query("x.ring.example.com.", "A"),
                query("sip.example.com.", "SRV"),
                query("svc.example.com.", "HTTPS"),
                query("tochild.example.com.", "A"),
                query("one.example.com.", "TXT"),
                query("example.com.", "ANY"),
                query("example.org.", "A"),
                new byte[12]);
        byte[] out = new byte[Responder.TCP_OCTETS_MAX];
        answerAll(edge, queries, out);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        answerAll(edge, queries, out);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        // Less than one octet for each of 440,000 queries: what remains is the measuring itself.
        assertThat(allocated).isLessThan(10_000);
    }

    private static void answerAll(Asking edge, List<byte[]> queries, byte[] out) {
        Asker asker = Asking.from(Transport.UDP, "192.0.2.53");
        for (int round = 0; round < ROUNDS; round++) {
            edge.responder.beginBatch();
            for (int i = 0; i < queries.size(); i++) {
                byte[] query = queries.get(i);
                edge.responder.respond(query, query.length, asker, out);
            }
        }
    }

    private static byte[] query(String name, String type) {
        var query = Asking.query(name, type);
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query.toWire();
    }
}
