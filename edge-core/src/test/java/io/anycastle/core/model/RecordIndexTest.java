package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records by id, beside a map that does the same. */
class RecordIndexTest {
    private static Record record(long id, String name) {
        return new Record(
                String.format(Locale.ROOT, "%032x", id),
                DomainName.of(name),
                RecordType.A,
                "192.0.2.1",
                OptionalInt.empty(),
                Ttl.AUTO,
                false,
                RecordSettings.NONE,
                "",
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                Rdata.of(new byte[] {(byte) 192, 0, 2, 1}));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 300, 20_000})
    void an_index_holds_what_a_map_holds_whatever_comes_and_goes(int ids) {
        Random random = new Random(ids);
        Map<String, Record> expected = new HashMap<>();
        RecordIndex index = RecordIndex.EMPTY;
        for (int i = 0; i < 40_000; i++) {
            Record record = record(random.nextInt(ids), "n" + random.nextInt(3) + ".example.com");
            if (random.nextInt(3) > 0) {
                index = index.plus(record);
                expected.put(record.id(), record);
            } else {
                index = index.minus(record);
                expected.computeIfPresent(record.id(), (id, now) -> now.name().equals(record.name()) ? null : now);
            }
            assertThat(index.size()).isEqualTo(expected.size());
        }
        assertSame(index, expected, ids);
        assertSame(RecordIndex.of(expected.values()), expected, ids);
    }

    private static void assertSame(RecordIndex index, Map<String, Record> expected, int ids) {
        assertThat(index.size()).isEqualTo(expected.size());
        for (long id = 0; id < ids; id++) {
            Record wanted = record(id, "any.example.com");
            assertThat(index.get(wanted.id()).orElse(null)).isEqualTo(expected.get(wanted.id()));
        }
        assertThat(index.get("no id")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 5_000})
    void an_index_that_is_built_upon_stays_as_it_was(int records) {
        List<Record> all = new ArrayList<>();
        for (int id = 0; id < records; id++) {
            all.add(record(id, "a.example.com"));
        }
        RecordIndex before = RecordIndex.of(all);
        RecordIndex after = before;
        for (Record record : all) {
            after = after.minus(record);
        }
        assertThat(after.size()).isZero();
        assertThat(after.plus(all.getFirst()).get(all.getFirst().id())).contains(all.getFirst());
        for (Record record : all) {
            assertThat(before.get(record.id())).contains(record);
        }
    }
}
