package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.limit.Networks;
import io.anycastle.core.model.Cidr;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.GuardEvent;
import io.anycastle.dns.guard.RateLimitConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Response-rate limiting: ten answers per second of each kind and subject to each network, unless a test says otherwise. */
class RateLimitTest {
    private static final String CLIENT = "192.0.2.53";
    private static final RateLimitConfig TEN =
            RateLimitConfig.DEFAULTS.withRates(10).withSlip(0);

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);

    private final InstantSource clock = new InstantSource() {
        @Override
        public java.time.Instant instant() {
            return java.time.Instant.ofEpochMilli(now.get());
        }
    };

    private Asking edge(RateLimitConfig limits) {
        return edge(GuardConfig.DEFAULTS.withRateLimit(limits));
    }

    private Asking edge(GuardConfig guard) {
        return new Asking(
                DnsConfig.DEFAULTS.withAnswers(Asking.CONFIG).withGuard(guard),
                clock,
                ZoneText.active("example.com", """
                        @     300 A   192.0.2.1
                        www   300 A   192.0.2.1
                        www   300 TXT text
                        *.w   300 A   192.0.2.1
                        child 300 NS  ns.child.example.net
                        """),
                ZoneText.active("example.org", "@ 300 A 192.0.2.1"));
    }

    /** How many of a hundred queries at once are answered. */
    private static long answered(Asking edge, QuerySource source, IntFunction<Message> query) {
        long answers = 0;
        for (int i = 0; i < 100; i++) {
            answers += edge.raw(query.apply(i).toWire(), source).length > 0 ? 1 : 0;
        }
        return answers;
    }

    private static long answered(Asking edge, String name, String type) {
        return answered(
                edge,
                Asking.from(Transport.UDP, CLIENT),
                i -> Asking.query(name.replace("#", String.valueOf(i)), type));
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com., A, RATELIMIT_ANSWERS",
        "#.w.example.com., A, RATELIMIT_ANSWERS",
        "#.example.com., A, RATELIMIT_NEGATIVES",
        "#.x.example.com., A, RATELIMIT_NEGATIVES",
        "www.example.com., MX, RATELIMIT_NEGATIVES",
        "#.child.example.com., A, RATELIMIT_REFERRALS",
        "#.example.net., A, RATELIMIT_ERRORS"
    })
    void answers_of_one_kind_about_one_subject_are_limited(String name, String type, GuardEvent counter) {
        Asking edge = edge(TEN);
        assertThat(answered(edge, name, type)).isEqualTo(10);
        assertThat(edge.counters.read(counter)).isEqualTo(90);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_WITHHELD)).isEqualTo(90);
    }

    @Test
    void what_is_no_query_to_answer_is_limited_as_an_error() {
        Asking edge = edge(TEN);
        Message notify = Asking.query("example.com.", "SOA");
        notify.getHeader().setOpcode(Opcode.NOTIFY);
        assertThat(answered(edge, Asking.from(Transport.UDP, CLIENT), _ -> notify))
                .isEqualTo(10);
    }

    @Test
    void other_subjects_kinds_and_networks_are_not_touched() {
        Asking edge = edge(TEN);
        answered(edge, "#.example.com.", "A");
        assertThat(answered(edge, "#.example.org.", "A")).isEqualTo(10);
        assertThat(answered(edge, "www.example.com.", "A")).isEqualTo(10);
        assertThat(answered(edge, "www.example.com.", "TXT")).isEqualTo(10);
        assertThat(answered(
                        edge, Asking.from(Transport.UDP, "192.0.3.53"), i -> Asking.query(i + ".example.com.", "A")))
                .isEqualTo(10);
        assertThat(answered(
                        edge, Asking.from(Transport.UDP, "192.0.2.99"), i -> Asking.query(i + ".example.com.", "A")))
                .as("a neighbour")
                .isZero();
    }

    @Test
    void all_kinds_together_have_a_limit_too_and_what_is_over_it_is_not_even_looked_up() {
        Asking edge = edge(TEN.withRates(0).withAllMax(20));
        assertThat(answered(edge, "#.example.com.", "A")).isEqualTo(20);
        assertThat(answered(edge, "www.example.com.", "A")).isZero();
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_ALL)).isEqualTo(180);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void one_of_so_many_is_sent_short(int slip) {
        Asking edge = edge(TEN.withSlip(slip));
        QuerySource source = Asking.from(Transport.UDP, CLIENT);
        byte[] query = Asking.query("www.example.com.", "A").toWire();
        int shortened = 0;
        for (int i = 0; i < 1010; i++) {
            byte[] answer = edge.raw(query, source);
            if (answer.length > 0 && message(answer).getHeader().getFlag(Flags.TC)) {
                assertThat(answer).hasSameSizeAs(query);
                assertThat(message(answer).getHeader().getFlag(Flags.AA)).isFalse();
                shortened++;
            }
        }
        assertThat(shortened).isBetween(1000 / slip - 100, 1000 / slip + 100);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_SHORTENED)).isEqualTo(shortened);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_WITHHELD)).isEqualTo(1000 - shortened);
    }

    @Test
    void a_network_has_so_many_short_ones_a_second_however_much_is_asked_for_in_its_name() {
        Asking edge = edge(TEN.withSlip(1).withShortMax(50));
        assertThat(answered(edge, "www.example.com.", "A")).isEqualTo(10 + 50);
        assertThat(answered(edge, "www.example.com.", "TXT"))
                .as("of whatever kind the short ones are")
                .isEqualTo(10);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_SHORTENED)).isEqualTo(50);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_SHORT)).isEqualTo(40 + 90);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_WITHHELD)).isEqualTo(40 + 90);
        now.addAndGet(1000);
        assertThat(answered(edge, "www.example.com.", "A")).isEqualTo(50);
        assertThat(answered(
                        edge, Asking.from(Transport.UDP, "192.0.3.53"), i -> Asking.query(i + ".w.example.com.", "A")))
                .as("another network")
                .isEqualTo(10 + 50);
    }

    @Test
    void an_error_over_a_limit_is_sent_for_the_cookie_that_it_brings_or_not_at_all() {
        Asking edge = edge(TEN.withSlip(1));
        assertThat(answered(edge, "www.example.net.", "A")).isEqualTo(10);
        Message query = Asking.query("www.example.net.", "A");
        EDNSOption cookie = new CookieOption(HexFormat.of().parseHex("2464c4abcf10c957"));
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(cookie)), Section.ADDITIONAL);
        Message answer = message(edge.raw(query.toWire(), Asking.from(Transport.UDP, CLIENT)));
        assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answer.getOPT().getOptions(EDNSOption.Code.COOKIE)).hasSize(1);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_SHORTENED)).isOne();
    }

    @Test
    void an_error_that_needs_no_look_at_a_name_is_none_to_send_over_the_limit_of_all_either() {
        Asking edge = edge(TEN.withRates(0).withAllMax(10).withSlip(1));
        Message notify = Asking.query("example.com.", "SOA");
        notify.getHeader().setOpcode(Opcode.NOTIFY);
        assertThat(answered(edge, Asking.from(Transport.UDP, CLIENT), _ -> notify))
                .isEqualTo(10);
        assertThat(answered(edge, "www.example.com.", "A")).as("short").isEqualTo(100);
    }

    @Test
    void a_dry_run_counts_and_sends() {
        Asking edge = edge(TEN.withDryRun(true));
        assertThat(answered(edge, "www.example.com.", "A")).isEqualTo(100);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_ANSWERS)).isEqualTo(90);
        assertThat(edge.counters.read(GuardEvent.RATELIMIT_WITHHELD)).isZero();
    }

    @Test
    void streams_and_exempt_networks_are_not_limited() {
        Networks networks = new Networks(24, 56, List.of(Cidr.of("198.51.100.0/24"), Cidr.of("2001:db8::/32")));
        Asking edge =
                edge(GuardConfig.DEFAULTS.withRateLimit(TEN.withAllMax(10)).withNetworks(networks));
        IntFunction<Message> query = _ -> Asking.query("www.example.com.", "A");
        assertThat(answered(edge, Asking.from(Transport.TCP, CLIENT), query)).isEqualTo(100);
        assertThat(answered(edge, Asking.from(Transport.UDP, "198.51.100.1"), query))
                .isEqualTo(100);
        assertThat(answered(edge, Asking.from(Transport.UDP, "2001:db8::1"), query))
                .isEqualTo(100);
        assertThat(answered(edge, Asking.from(Transport.UDP, "127.0.0.1"), query))
                .isEqualTo(10);
    }

    @Test
    void a_network_that_stops_is_answered_again_and_one_that_goes_on_is_not() {
        Asking edge = edge(TEN);
        for (int second = 0; second < 30; second++) {
            answered(edge, "www.example.com.", "A");
            now.addAndGet(1000);
        }
        assertThat(answered(edge, "www.example.com.", "A")).isZero();
        now.addAndGet(17_000);
        assertThat(answered(edge, "www.example.com.", "A")).isEqualTo(10);
    }

    private static Message message(byte[] octets) {
        try {
            return new Message(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
