package io.anycastle.core.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HybridClockTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochMilli(1_000));
    private final HybridClock clock = new HybridClock(now::get, "here", Duration.ofSeconds(60));

    @Test
    void stamps_follow_the_wall_clock_and_count_inside_a_millisecond() {
        assertThat(clock.next()).isEqualTo(new Stamp(1_000, 0, "here"));
        assertThat(clock.next()).isEqualTo(new Stamp(1_000, 1, "here"));
        now.set(Instant.ofEpochMilli(1_001));
        assertThat(clock.next()).isEqualTo(new Stamp(1_001, 0, "here"));
    }

    @Test
    void a_wall_clock_that_is_set_back_does_not_set_stamps_back() {
        Stamp before = clock.next();
        now.set(Instant.ofEpochMilli(10));
        assertThat(clock.next()).isGreaterThan(before);
    }

    @Test
    void stamps_go_on_above_what_lies_on_disk() {
        clock.seen(new Stamp(5_000, 7, "zz"));
        assertThat(clock.next()).isEqualTo(new Stamp(5_000, 8, "here"));
        clock.seen(new Stamp(4_000, 100, "zz"));
        assertThat(clock.next()).isEqualTo(new Stamp(5_000, 9, "here"));
        clock.seen(new Stamp(6_000, Integer.MAX_VALUE, "zz"));
        assertThat(clock.next()).isEqualTo(new Stamp(6_001, 0, "here"));
    }

    @Test
    void a_foreign_stamp_beyond_the_drift_bound_is_not_believed() {
        assertThat(clock.heard(new Stamp(61_000, 0, "there"))).isTrue();
        assertThat(clock.heard(new Stamp(61_001, 0, "there"))).isFalse();
    }
}
