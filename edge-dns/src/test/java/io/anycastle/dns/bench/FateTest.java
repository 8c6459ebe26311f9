package io.anycastle.dns.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each case is a measurement of 30,000 queries in two seconds. */
class FateTest {
    private static final long SENT = 30_000;

    private static Fate fate(long answered, long over, long shortened, long withheld, long spared) {
        Map<String, Long> before = Map.of("answers.udp.noerror", 7L, "ratelimit.withheld", 3L, "cookies.new", 2L);
        Map<String, Long> after = Map.of(
                "answers.udp.noerror", 7 + answered - shortened,
                "answers.udp.refused", shortened,
                "ratelimit.answers", over,
                "ratelimit.shortened", shortened,
                "ratelimit.withheld", 3 + withheld,
                "ratelimit.short", spared,
                "truncated", shortened);
        return Fate.between(Fate.line(before), Fate.line(after));
    }

    private static Generator.Report report(Fate fate) {
        return new Generator.Report(SENT, fate.answered(), fate.truncated(), 0, SENT / 2.0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "ANYCASTLE,        OVER_HITS,    30000,     0,     0,     0,     0",
        "OVER_KIND,        OVER_HITS,    14900, 30000, 14900, 15100,     0",
        "OVER_KIND,        OVER_HITS,    10000, 30000, 10000, 20000,  4900",
        "OVER_KIND,        OVER_REFUSED,     1, 29999,     0, 29999,     0",
        "OVER_KIND_SILENT, OVER_HITS,        1, 29999,     0, 29999,     0",
        "OVER_ALL_SHORT,   OVER_REFUSED, 10001, 29999, 10000, 19999, 19999",
        "OVER_ALL_EACH,    OVER_REFUSED, 30000, 29999, 29999,     0,     0"
    })
    void what_the_slip_says_is_as_meant(
            Contestant server, BenchSet set, long answered, long over, long shortened, long withheld, long spared) {
        Fate fate = fate(answered, over, shortened, withheld, spared);
        assertThat(fate).isEqualTo(new Fate(answered, over, shortened, withheld, spared, shortened));
        assertThat(fate.isAsMeant(server, set, report(fate))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a query was lost,            ANYCASTLE,        OVER_HITS,    29999,     0,     0,     0, 0",
        "one was over a limit,        ANYCASTLE,        OVER_HITS,    30000,     1,     1,     0, 0",
        "some were over none,         OVER_ALL_SILENT,  OVER_HITS,     3000, 27000,     0, 27000, 0",
        "one was answered short,      OVER_ALL_SILENT,  OVER_HITS,        1, 30000,     1, 29999, 0",
        "one was withheld,            OVER_KIND_EACH,   OVER_HITS,    29999, 30000, 29999,     1, 0",
        "there were enough,           OVER_KIND_EACH,   OVER_HITS,    29999, 30000, 29999,     1, 1",
        "too many were withheld,      OVER_KIND,        OVER_HITS,    12000, 30000, 12000, 18000, 0",
        "too few were withheld,       OVER_KIND_SHORT,  OVER_HITS,    17000, 30000, 17000, 13000, 13000",
        "an error was answered short, OVER_KIND,        OVER_REFUSED,     1, 30000,     1, 29999, 0",
        "some were sent all the same, OVER_KIND_SILENT, OVER_HITS,      150, 30000,     0, 29850, 0"
    })
    void what_it_does_not_say_is_not(
            String why,
            Contestant server,
            BenchSet set,
            long answered,
            long over,
            long shortened,
            long withheld,
            long spared) {
        Fate fate = fate(answered, over, shortened, withheld, spared);
        assertThat(fate.isAsMeant(server, set, report(fate))).as(why).isFalse();
    }
}
