package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.guard.FloodedZone;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.GuardEvent;
import io.anycastle.dns.guard.RandomLabelConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zones that are flooded with questions for made-up names are found, told, and limited where that is wanted. */
class RandomLabelsTest {
    private static final String CLIENT = "192.0.2.53";

    private boolean isAskedAfterwards = true;
    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());

    private Asking edge(int limit) {
        GuardConfig guard = GuardConfig.DEFAULTS
                .withRateLimit(RateLimitConfig.DEFAULTS.withRates(1000).withSlip(0))
                .withRandomLabels(new RandomLabelConfig(50, Duration.ofSeconds(10), limit));
        return new Asking(
                DnsConfig.DEFAULTS.withAnswers(Asking.CONFIG).withGuard(guard),
                clock,
                ZoneText.active("example.com", "www 300 A 192.0.2.1"),
                ZoneText.active("example.org", "www 300 A 192.0.2.1"));
    }

    /** A thousand questions, and the next window after them, in which nobody may ask; how many were answered. */
    private int asked(Asking edge, String name) {
        QuerySource source = Asking.from(Transport.UDP, CLIENT);
        int answers = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] query =
                    Asking.query(name.replace("#", String.valueOf(i)), "A").toWire();
            answers += edge.raw(query, source).length > 0 ? 1 : 0;
        }
        now.addAndGet(10_000);
        if (isAskedAfterwards) {
            edge.raw(Asking.query("elsewhere.test.", "A").toWire(), source);
        }
        edge.guard.randomLabels().evaluate(now.get());
        return answers;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void many_different_names_that_do_not_exist_are_a_flood_and_told_with_their_zone(boolean afterwards) {
        isAskedAfterwards = afterwards;
        Asking edge = edge(0);
        asked(edge, "a#.deep.example.com.");
        assertThat(edge.guard.randomLabels().zones()).singleElement().satisfies(zone -> {
            assertThat(zone.name()).isEqualTo("example.com.");
            assertThat(zone.denialsPerSecond()).isEqualTo(100);
            assertThat(zone.namesPerSecond()).isBetween(50L, 100L);
        });
        asked(edge, "www.example.com.");
        assertThat(edge.guard.randomLabels().zones()).as("once it is over").isEmpty();
    }

    @Test
    void one_name_asked_often_is_none_and_neither_are_names_that_exist() {
        Asking edge = edge(0);
        asked(edge, "gone.example.com.");
        assertThat(edge.guard.randomLabels().zones()).isEmpty();
        asked(edge, "www.example.com.");
        assertThat(edge.guard.randomLabels().zones()).isEmpty();
    }

    @Test
    void where_it_is_wanted_a_flooded_zone_denies_less_and_others_as_ever() {
        Asking edge = edge(10);
        assertThat(asked(edge, "a#.example.com.")).isEqualTo(1000);
        assertThat(edge.guard.randomLabels().zones())
                .extracting(FloodedZone::name)
                .containsExactly("example.com.");
        assertThat(asked(edge, "b#.example.com.")).isLessThanOrEqualTo(10);
        assertThat(edge.counters.read(GuardEvent.RANDOMNAMES_LIMITED)).isGreaterThanOrEqualTo(990);
        assertThat(asked(edge, "www.example.com.")).isEqualTo(1000);
        assertThat(asked(edge, "b#.example.org.")).isEqualTo(1000);
    }
}
