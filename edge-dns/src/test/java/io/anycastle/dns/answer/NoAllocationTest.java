package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anycastle.core.model.ZoneState;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.guard.CookieConfig;
import io.anycastle.dns.guard.CookieSecret;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.GuardEvent;
import io.anycastle.dns.guard.RateLimitConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.EDNSOption.Code;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/** Answering makes no garbage: nothing to collect, no pauses. */
class NoAllocationTest {
    private static final int ROUNDS = 20_000;

    /** Less than one octet for each of the queries: what the measuring itself leaves. */
    private static final int MEASURING_OCTETS = 10_000;

    private static final String CLIENT_COOKIE = "2464c4abcf10c957";

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
            self    300 DNAME self
            in      300 DNAME x.in
            mixed   300 CNAME one
            mixed   300 TXT   mixed
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
                query("x.self.example.com.", "A"),
                query("x.in.example.com.", "A"),
                query("mixed.example.com.", "A"),
                query("mixed.example.com.", "TXT"),
                signed("example.com.", "A"),
                query("sip.example.com.", "SRV"),
                query("svc.example.com.", "HTTPS"),
                query("tochild.example.com.", "A"),
                query("one.example.com.", "TXT"),
                query("example.com.", "ANY"),
                query("example.org.", "A"),
                new byte[12]);
        assertThat(allocated(edge, queries)).isLessThan(MEASURING_OCTETS);
    }

    /** With cookies looked at and made, renewed, and refused; from clients of both families. */
    @ParameterizedTest
    @CsvSource({"192.0.2.53, false", "192.0.2.53, true", "2001:db8::53, false", "2001:db8::53, true"})
    void a_query_with_a_cookie_costs_no_heap(String client, boolean isRequired) throws IOException {
        CookieConfig cookies = CookieConfig.DEFAULTS
                .withSecrets(CookieSecret.ofHex("e5e973e5a6b2a43f48e7dc849e37bfcf"), Optional.empty())
                .withRequired(isRequired);
        DnsConfig config = DnsConfig.DEFAULTS
                .withAnswers(Asking.CONFIG)
                .withGuard(
                        GuardConfig.DEFAULTS.withCookies(cookies).withRateLimit(RateLimitConfig.DEFAULTS.withRates(0)));
        Asking edge = new Asking(config, InstantSource.system(), ZONE);
        Asking earlier =
                new Asking(config, InstantSource.offset(InstantSource.system(), Duration.ofMinutes(-40)), ZONE);
        QuerySource source = Asking.from(Transport.UDP, client);
        List<byte[]> queries = List.of(
                query("example.com.", "A", CLIENT_COOKIE),
                query("example.com.", "A", given(edge, source)),
                query("no.example.com.", "A", given(earlier, source)),
                query("example.com.", "MX", CLIENT_COOKIE + "01000000" + "00".repeat(12)),
                query("example.com.", "MX", CLIENT_COOKIE + "ff".repeat(32)),
                query("example.com.", "MX", "ff".repeat(9)));
        assertThat(allocated(edge, queries, source)).isLessThan(MEASURING_OCTETS);
        assertThat(edge.counters.read(GuardEvent.COOKIES_NEW)).isPositive();
        assertThat(edge.counters.read(GuardEvent.COOKIES_VALID)).isEqualTo(2L * 2 * ROUNDS);
        assertThat(edge.counters.read(GuardEvent.COOKIES_INVALID)).isEqualTo(2L * 2 * ROUNDS);
        assertThat(edge.counters.read(GuardEvent.COOKIES_MALFORMED)).isEqualTo(2L * ROUNDS);
        assertThat(edge.counters.read(GuardEvent.COOKIES_REFUSED) > 0).isEqualTo(isRequired);
    }

    /** Over the limit of a kind, which is known when the answer is made, and over that of all, which is known before. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 0", "1, 0, 1, 0", "1, 0, 2, 0", "1, 0, 1, 9",
        "0, 1, 0, 0", "0, 1, 1, 0", "0, 1, 2, 0", "0, 1, 1, 9"
    })
    void an_answer_that_is_over_a_limit_costs_no_heap_sent_short_or_withheld(
            int each, int all, int slip, int shortMax) {
        RateLimitConfig limits = RateLimitConfig.DEFAULTS
                .withRates(each)
                .withAllMax(all)
                .withSlip(slip)
                .withShortMax(shortMax);
        Asking edge = new Asking(
                DnsConfig.DEFAULTS.withAnswers(Asking.CONFIG).withGuard(GuardConfig.DEFAULTS.withRateLimit(limits)),
                InstantSource.system(),
                ZONE);
        List<byte[]> queries = List.of(
                query("example.com.", "A"),
                query("no.example.com.", "A"),
                query("x.child.example.com.", "A"),
                query("example.org.", "A"),
                query("one.example.com.", "A", CLIENT_COOKIE),
                query("no.example.com.", "A", CLIENT_COOKIE));
        assertThat(allocated(edge, queries)).isLessThan(MEASURING_OCTETS);
        long asked = 2L * ROUNDS * queries.size();
        long shortened = edge.counters.read(GuardEvent.RATELIMIT_SHORTENED);
        long withheld = edge.counters.read(GuardEvent.RATELIMIT_WITHHELD);
        assertThat(shortened + withheld).isBetween(asked * 9 / 10, asked);
        assertThat(shortened > 0).isEqualTo(slip > 0);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_SHORT) > 0).isEqualTo(shortMax > 0);
    }

    private static byte[] signed(String name, String type) {
        Message query = Asking.query(name, type);
        new TSIG(TSIG.HMAC_SHA256, "key.example.com.", "c2VjcmV0").apply(query, null);
        return query.toWire();
    }

    private static long allocated(Asking edge, List<byte[]> queries) {
        return allocated(edge, queries, Asking.from(Transport.UDP, "192.0.2.53"));
    }

    /** Octets that the second of two runs leaves behind. */
    private static long allocated(Asking edge, List<byte[]> queries, QuerySource source) {
        byte[] out = new byte[Responder.TCP_OCTETS_MAX];
        answerAll(edge, queries, source, out);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        answerAll(edge, queries, source, out);
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    private static void answerAll(Asking edge, List<byte[]> queries, QuerySource source, byte[] out) {
        for (int round = 0; round < ROUNDS; round++) {
            edge.responder.beginBatch();
            for (int i = 0; i < queries.size(); i++) {
                byte[] query = queries.get(i);
                edge.responder.respond(query, query.length, source, out);
            }
        }
    }

    private static byte[] query(String name, String type) {
        var query = Asking.query(name, type);
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query.toWire();
    }

    /**
     * @param cookie hexadecimal digits
     */
    private static byte[] query(String name, String type, String cookie) {
        var query = Asking.query(name, type);
        EDNSOption option = new GenericEDNSOption(Code.COOKIE, HexFormat.of().parseHex(cookie));
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(option)), Section.ADDITIONAL);
        return query.toWire();
    }

    /** The cookie that a client is given, as hexadecimal digits. */
    private static String given(Asking edge, QuerySource source) throws IOException {
        byte[] answer = edge.raw(query("example.com.", "A", CLIENT_COOKIE), source);
        EDNSOption option = new Message(answer).getOPT().getOptions(Code.COOKIE).getFirst();
        return HexFormat.of().formatHex(option.toWire()).substring(8);
    }
}
