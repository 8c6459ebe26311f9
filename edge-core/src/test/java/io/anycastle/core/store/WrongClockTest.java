package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One of three nodes whose wall clock is an hour off. */
class WrongClockTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, ahead of", "-1, behind"})
    void is_warned_of_and_its_edits_count_as_made_now_and_do_not_win_for_ever(int hours, String warning) {
        try (Trio trio = Trio.prepare(folder, 3, Trio.quick(OptionalInt.empty()))) {
            trio.open(0);
            trio.open(1);
            ClusteredStore off = trio.open(2, Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)));
            trio.awaitMembers(3);
            Stores.await(
                    "the warning",
                    () -> off.status()
                            .lastError()
                            .filter(error -> error.contains(warning + " the other nodes'; set it right"))
                            .isPresent());
            assertThat(Duration.between(off.clock().instant(), Instant.now()).abs())
                    .isLessThan(Duration.ofMinutes(1));
            Stores.applied(off.apply(Stores.newZone()));
            Stores.applied(off.apply(Stores.add("www", "192.0.2.1")));
            trio.awaitEqual();
            Instant stamped = Instant.ofEpochMilli(Stores.zone(trio.store(0))
                    .at(DomainName.of("www.example.com"))
                    .orElseThrow()
                    .stamp()
                    .millis());
            assertThat(Duration.between(stamped, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
            Stores.applied(trio.store(1).apply(Stores.add("later", "192.0.2.2")));
            trio.awaitEqual();
            for (ClusteredStore store : trio.running()) {
                assertThat(Stores.zone(store).recordCount()).isEqualTo(2);
                assertThat(store.conflicts()).isEmpty();
            }
            assertThat(trio.store(0).status().lastError()).isEmpty();
        }
    }
}
