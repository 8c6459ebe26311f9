package io.anycastle.dns.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.anycastle.dns.compile.NameHash;
import io.anycastle.dns.wire.WireName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many different names a zone was asked for in vain: estimated, in bounded memory, the busiest zones kept. */
class DenialSketchTest {
    private static final byte[] APEX = {1, 'z', 0};

    private final Random random = new Random(11);

    private static double distinct(DenialSketch sketch, long zone) {
        List<Double> found = new ArrayList<>();
        sketch.forEach((at, apex, denials, registers) -> {
            if (at == zone) {
                found.add(DenialSketch.distinct(registers));
            }
        });
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1000, 30_000, 1_000_000})
    void different_names_are_estimated_within_half(int names) {
        DenialSketch sketch = new DenialSketch();
        for (int i = 0; i < names; i++) {
            sketch.add(5, random.nextLong(), APEX);
        }
        assertThat(distinct(sketch, 5)).isCloseTo(names, within(names * 0.5));
    }

    @Test
    void names_that_differ_in_a_digit_are_estimated_as_well_whatever_the_seed_of_their_hashes() {
        for (int round = 0; round < 2000; round++) {
            NameHash hash = new NameHash(random.nextLong());
            DenialSketch sketch = new DenialSketch();
            WireName name = new WireName();
            for (int i = 0; i < 1000; i++) {
                name.set("\4a%03d\0".formatted(i).getBytes(StandardCharsets.ISO_8859_1));
                sketch.add(5, hash.below(hash.root(), name, 0), APEX);
            }
            assertThat(distinct(sketch, 5)).isBetween(500.0, 2000.0);
        }
    }

    @Test
    void one_name_asked_a_million_times_is_one_name() {
        DenialSketch sketch = new DenialSketch();
        for (int i = 0; i < 1_000_000; i++) {
            sketch.add(5, 0x1234_5678_9abc_def0L, APEX);
        }
        assertThat(distinct(sketch, 5)).isCloseTo(1, within(0.1));
    }

    @Test
    void the_flooded_zone_is_kept_among_thousands_of_others() {
        DenialSketch sketch = new DenialSketch();
        for (int i = 0; i < 200_000; i++) {
            sketch.add(5, random.nextLong(), APEX);
            sketch.add(random.nextLong(), random.nextLong(), APEX);
        }
        assertThat(distinct(sketch, 5)).isGreaterThan(100_000);
        sketch.begin(7);
        List<Long> left = new ArrayList<>();
        sketch.forEach((zone, apex, denials, registers) -> left.add(zone));
        assertThat(left).isEmpty();
        assertThat(sketch.window()).isEqualTo(7);
    }
}
