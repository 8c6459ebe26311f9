package io.anycastle.dns.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each case is a measurement of 1,000 queries. */
class FateTest {
    private static Fate fate(long answered, long over, long shortened, long withheld) {
        Map<String, Long> before = Map.of("answers.udp.noerror", 7L, "ratelimit.withheld", 3L, "cookies.new", 2L);
        Map<String, Long> after = Map.of(
                "answers.udp.noerror", 7 + answered - shortened,
                "answers.udp.refused", shortened,
                "ratelimit.answers", over,
                "ratelimit.shortened", shortened,
                "ratelimit.withheld", 3 + withheld,
                "truncated", shortened);
        return Fate.between(Fate.line(before), Fate.line(after));
    }

    private static Generator.Report report(Fate fate) {
        return new Generator.Report(1000, fate.answered(), fate.truncated(), 0, 1000, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "ANYCASTLE, 1000, 0, 0, 0",
        "OVER_KIND, 505, 1000, 505, 495",
        "OVER_KIND_SILENT, 1, 999, 0, 999",
        "OVER_ALL_SHORT, 1000, 999, 999, 0"
    })
    void what_the_slip_says_is_as_meant(Contestant server, long answered, long over, long shortened, long withheld) {
        Fate fate = fate(answered, over, shortened, withheld);
        assertThat(fate).isEqualTo(new Fate(answered, over, shortened, withheld, shortened));
        assertThat(fate.isAsMeant(server, report(fate))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a query was lost,            ANYCASTLE,         999,    0,    0,    0",
        "one was over a limit,        ANYCASTLE,        1000,    1,    1,    0",
        "some were over none,         OVER_ALL_SILENT,   100,  900,    0,  900",
        "one was answered short,      OVER_ALL_SILENT,     1, 1000,    1,  999",
        "one was withheld,            OVER_KIND_SHORT,   999, 1000,  999,    1",
        "too many were withheld,      OVER_KIND,         400, 1000,  400,  600",
        "some were sent all the same, OVER_KIND_SILENT,    5, 1000,    0,  995"
    })
    void what_it_does_not_say_is_not(
            String why, Contestant server, long answered, long over, long shortened, long withheld) {
        Fate fate = fate(answered, over, shortened, withheld);
        assertThat(fate.isAsMeant(server, report(fate))).as(why).isFalse();
    }
}
