package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT15S, 15 s",
        "PT0S, 0 s",
        "PT1.5S, 1.5 s",
        "PT0.25S, 250 ms",
        "PT90S, 90 s",
        "PT2M, 2 min",
        "PT72H, 72 h",
        "PT1.234S, 1234 ms"
    })
    void a_duration_is_told_in_the_largest_unit_that_shows_it_whole(Duration time, String text) {
        assertThat(DurationText.of(time)).isEqualTo(text);
    }
}
