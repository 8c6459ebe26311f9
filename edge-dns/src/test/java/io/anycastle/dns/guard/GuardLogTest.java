package io.anycastle.dns.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.wire.EdnsOptions;
import io.anycastle.dns.wire.WireName;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator reads about limits. */
class GuardLogTest {
    /** Stands, so that no time passes in which more could be answered. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final DnsCounters counters = new DnsCounters();
    private final WireName name = new WireName();

    private GuardLog flooded(RateLimitConfig limits) {
        Guard guard = new Guard(GuardConfig.DEFAULTS.withRateLimit(limits), CLOCK);
        ThreadGuard threadGuard = new ThreadGuard(guard, name, counters.lane());
        for (int i = 0; i < 30; i++) {
            threadGuard.look(new byte[12], new EdnsOptions(), false, 0, 0xc0000235L);
            threadGuard.admit(true, false);
            threadGuard.judge(Limit.NEGATIVES, 1);
        }
        return new GuardLog(guard, counters);
    }

    @Test
    void a_line_tells_what_was_limited_and_an_example_and_comes_once() {
        name.set("\3www\7example\3com\0".getBytes(StandardCharsets.ISO_8859_1));
        GuardLog log = flooded(RateLimitConfig.DEFAULTS.withRates(10).withSlip(0));
        assertThat(log.line())
                .hasValue("answers over a rate limit: 20 negatives; 20 withheld, 0 sent short;"
                        + " the last: negatives for www.example.com. to 192.0.2.0/24");
        assertThat(log.line()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000 0000 0000 00000000",
                "00000000 0002 0000 00000000 0377777700 00010001 0377777700 00010001",
                "00000000 0001 0000 00000000 0377777740",
                "00000000 0001 0000 00000000 0377777700 0001",
                "00002000 0000 0000 00000000"
            })
    void a_message_without_a_readable_question_is_not_told_under_the_name_that_somebody_asked_for_before(
            String octets) {
        Asking edge = new Asking(
                DnsConfig.DEFAULTS.withGuard(GuardConfig.DEFAULTS.withRateLimit(
                        RateLimitConfig.DEFAULTS.withRates(10).withSlip(0))),
                CLOCK);
        GuardLog log = new GuardLog(edge.guard, edge.counters);
        QuerySource source = new QuerySource(Transport.UDP);
        source.set(InetAddress.ofLiteral("192.0.2.53"), 4242);
        edge.raw(Asking.query("www.example.com.", "A").toWire(), source);
        for (int i = 0; i < 30; i++) {
            edge.raw(HexFormat.of().parseHex(octets.replace(" ", "")), source);
        }
        assertThat(log.line().orElseThrow()).endsWith("; the last: errors to 192.0.2.0/24");
    }

    @Test
    void refused_connections_are_told_with_their_network() {
        Guard guard = new Guard(GuardConfig.DEFAULTS.withConnectionsMax(1), CLOCK);
        GuardLog log = new GuardLog(guard, counters);
        assertThat(guard.connections().enter(InetAddress.ofLiteral("192.0.2.1")))
                .isTrue();
        assertThat(guard.connections().enter(InetAddress.ofLiteral("192.0.2.2")))
                .isFalse();
        counters.count(DnsCounters.Event.TCP_CROWDED);
        assertThat(log.connectionsLine())
                .hasValue("1 connections refused of networks that have 1 already; the last: 192.0.2.0/24");
        assertThat(log.connectionsLine()).isEmpty();
    }

    @Test
    void a_dry_run_is_told_as_one_and_a_name_cannot_forge_lines() {
        name.set("\5a\nb c\0".getBytes(StandardCharsets.ISO_8859_1));
        GuardLog log = flooded(RateLimitConfig.DEFAULTS.withRates(10).withDryRun(true));
        assertThat(log.line().orElseThrow())
                .contains("all sent, since this is a dry run")
                .endsWith("negatives for a\\010b\\032c. to 192.0.2.0/24");
    }
}
