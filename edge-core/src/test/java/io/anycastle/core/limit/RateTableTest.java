package io.anycastle.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts of answers per second: what may be taken, when it may be taken again, and what is forgotten first. */
class RateTableTest {
    private static final long SECOND = RateTable.SECOND;
    private static final long KEY = 0x1234_5678_9abc_def0L;

    private final RateTable table = new RateTable(1024, SECOND, 5 * SECOND, 0);

    private long taken(long key, int tries, int rate, long now) {
        return IntStream.range(0, tries)
                .filter(_ -> !table.charge(key, SECOND / rate, now))
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 100, 20_000})
    void a_seconds_worth_may_be_taken_at_once_and_the_rate_for_ever(int rate) {
        assertThat(taken(KEY, rate + rate / 2 + 1, rate, 0)).isEqualTo(rate);
        for (long now = 0; now < 10 * SECOND; now += SECOND / rate) {
            assertThat(table.charge(KEY + 1, SECOND / rate, now)).isFalse();
        }
    }

    @Test
    void who_goes_on_asking_stays_limited_and_who_stops_is_free_after_the_window() {
        for (long now = 0; now < 60 * SECOND; now += SECOND / 100) {
            table.charge(KEY, SECOND / 10, now);
        }
        assertThat(table.charge(KEY, SECOND / 10, 64 * SECOND)).isTrue();
        assertThat(table.charge(KEY, SECOND / 10, 66 * SECOND)).isFalse();
    }

    @Test
    void what_is_charged_within_the_limit_goes_on_at_its_rate_whatever_is_asked_for() {
        long taken = 0;
        for (long now = 0; now < 60 * SECOND; now += SECOND / 1000) {
            taken += table.chargeWithin(KEY, SECOND / 10, now) ? 0 : 1;
        }
        assertThat(taken).isBetween(60L * 10, 61L * 10);
    }

    @Test
    void a_burst_of_several_seconds_may_be_taken_at_once() {
        RateTable bursting = new RateTable(1024, 10 * SECOND, 0, 0);
        long taken = IntStream.range(0, 100)
                .filter(_ -> !bursting.chargeWithin(KEY, SECOND / 3, 0))
                .count();
        assertThat(taken).isEqualTo(30);
        assertThat(bursting.chargeWithin(KEY, SECOND / 3, SECOND / 2)).isFalse();
        assertThat(bursting.chargeWithin(KEY, SECOND / 3, SECOND / 2)).isTrue();
    }

    @Test
    void another_seed_makes_other_keys() {
        assertThat(table.key(1, 2)).isNotEqualTo(new RateTable(8, SECOND, SECOND, 1).key(1, 2));
        assertThat(table.key(1, 2)).isNotEqualTo(table.key(1, 3)).isNotEqualTo(table.key(2, 2));
    }

    @Test
    void another_key_has_an_account_of_its_own() {
        taken(KEY, 20, 10, 0);
        assertThat(table.charge(KEY, SECOND / 10, 0)).isTrue();
        assertThat(taken(KEY + 1, 10, 10, 0)).isEqualTo(10);
    }

    @Test
    void the_busiest_accounts_survive_a_flood_of_others_in_the_same_place() {
        taken(KEY, 40, 10, 0);
        for (int other = 1; other < 100_000; other++) {
            table.charge(KEY + other, SECOND / 10, 0);
        }
        assertThat(table.charge(KEY, SECOND / 10, 0)).isTrue();
    }

    @Test
    void an_account_is_not_lost_when_the_clock_is_set_back_a_little() {
        for (int i = 0; i < 1000; i++) {
            table.charge(KEY, SECOND / 10, 100 * SECOND);
        }
        assertThat(table.charge(KEY, SECOND / 10, 99 * SECOND)).isTrue();
    }

    @Test
    void an_account_of_long_ago_is_a_new_one() {
        taken(KEY, 100, 10, 0);
        long thirteenDays = 13 * 86_400 * SECOND;
        for (long now = SECOND * 3600; now < thirteenDays; now += SECOND * 3600) {
            assertThat(table.charge(KEY, 1, now)).isFalse();
        }
    }

    @Test
    void memory_is_what_was_asked_for() {
        assertThat(new RateTable(1 << 18, SECOND, SECOND, 0).size()).isEqualTo(1 << 18);
        assertThat(new RateTable(1000, SECOND, SECOND, 0).size()).isEqualTo(1024);
        assertThat(new RateTable(0, SECOND, SECOND, 0).size()).isEqualTo(8);
    }
}
