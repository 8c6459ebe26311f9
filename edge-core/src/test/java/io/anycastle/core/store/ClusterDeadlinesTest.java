package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten times what {@code edge-app/src/bench/cluster.sh} aims at, so that a busy machine does not fail it and a wrong turn does. */
class ClusterDeadlinesTest {
    private static final int RECORDS = 100_000;
    private static final int CHANGES = 200;

    @TempDir
    Path folder;

    private Trio trio;

    @BeforeEach
    void start() {
        var seldom = StoreConfig.Replicating.DEFAULTS.with(Duration.ofMinutes(10), Duration.ofSeconds(60));
        trio = Trio.prepare(folder, 3, seldom).patient(Duration.ofMinutes(2));
        for (int i = 0; i < 3; i++) {
            trio.open(i);
        }
        trio.awaitMembers(3);
        Stores.applied(trio.store(0).apply(Stores.newZone()));
        fill(0, "i", RECORDS);
    }

    @AfterEach
    void stop() {
        trio.close();
    }

    private void fill(int node, String prefix, int records) {
        Edit[] edits = new Edit[records];
        for (int i = 0; i < records; i++) {
            edits[i] = new Edit.CreateRecord(RecordDraft.of(prefix + i, "A", "192.0.2.1"));
        }
        Duration took = time(() -> {
            Stores.applied(trio.store(node).apply(ChangeSet.of(Stores.ZONE, edits)));
            until(() -> trio.running().stream()
                            .map(ClusteredStore::digest)
                            .distinct()
                            .count()
                    == 1);
        });
        assertThat(took).isLessThan(Duration.ofSeconds(100));
    }

    @Test
    void a_change_is_in_all_views_a_node_that_missed_some_gets_them_and_an_empty_one_gets_everything_in_time()
            throws IOException {
        Duration[] changes = changes();
        assertThat(changes[CHANGES * 3 / 4]).as("three of four").isLessThan(Duration.ofMillis(500));
        assertThat(changes[CHANGES * 99 / 100]).as("99 of 100").isLessThan(Duration.ofSeconds(5));

        trio.close(2);
        until(() -> trio.store(0).status().members() == 2);
        fill(0, "m", 1_000);
        assertThat(time(this::comesBack)).isLessThan(Duration.ofSeconds(50));

        trio.close(2);
        until(() -> trio.store(0).status().members() == 2);
        try (var files = Files.walk(folder.resolve("node2"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> assertThat(file.toFile().delete()).isTrue());
        }
        assertThat(time(this::comesBack)).isLessThan(Duration.ofSeconds(100));
    }

    private void comesBack() {
        ClusteredStore back = trio.open(2);
        until(() -> back.digest() == trio.store(0).digest());
    }

    /** The times from a call until all views show the change, the shortest first; a few are those of the disk or of other processes. */
    private Duration[] changes() {
        Duration[] times = new Duration[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            int node = i % 3;
            String name = "c" + i;
            times[i] = time(() -> {
                Stores.applied(trio.store(node).apply(Stores.add(name, "192.0.2.1")));
                long version = Stores.zone(trio.store(node)).zone().version();
                until(() -> trio.running().stream()
                        .allMatch(s -> Stores.zone(s).zone().version() >= version));
            });
        }
        Arrays.sort(times);
        return times;
    }

    private static Duration time(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).describedAs("time").isLessThan(deadline);
            LockSupport.parkNanos(200_000);
        }
    }
}
