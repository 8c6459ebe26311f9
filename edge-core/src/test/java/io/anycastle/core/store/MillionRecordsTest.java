package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.store.journal.DataFolder;
import io.anycastle.core.store.journal.Journals;
import io.anycastle.core.store.journal.Snapshot;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store of a million records has ten times what {@code edge-app/src/bench/cluster.sh} aims at, so that a busy machine does not fail it and
 * a wrong turn does.
 */
class MillionRecordsTest {
    private static final int RECORDS = 1_000_000;
    private static final int DIFFERING = 1_000;
    private static final long HEAP_BYTES_MIN = 3L << 30;

    @TempDir
    Path folder;

    private Trio trio;

    /** Two nodes that were together; then one of them took changes, and both were stopped. */
    @BeforeEach
    void write() throws IOException {
        assumeThat(Runtime.getRuntime().maxMemory())
                .as("two nodes with a million records each want a heap of 3 GiB")
                .isGreaterThanOrEqualTo(HEAP_BYTES_MIN);
        var seldom = StoreConfig.Replicating.DEFAULTS.with(Duration.ofMinutes(10), Duration.ofMinutes(2));
        trio = Trio.prepare(folder, 2, seldom).patient(Duration.ofMinutes(2));
        StoreImage before = StoreImage.EMPTY.with(delta(1, RECORDS));
        write(1, before);
        write(0, before.with(delta(2, DIFFERING)));
    }

    @AfterEach
    void stop() {
        trio.close();
    }

    private static ZoneDelta delta(long version, int names) {
        Stamp stamp = Journals.stamp(version);
        List<NameRecords> all = new ArrayList<>(names);
        for (int i = 0; i < names; i++) {
            DomainName name = DomainName.of("n" + i + "." + Stores.ZONE);
            all.add(new NameRecords(name, stamp, List.of(record(name, i, version))));
        }
        return Journals.delta(Stores.ZONE, stamp, Journals.head(version), all);
    }

    private static Record record(DomainName name, int i, long version) {
        return new Record(
                "%032x".formatted(i + 1),
                name,
                RecordType.A,
                "192.0.2." + version,
                OptionalInt.empty(),
                new Ttl(300),
                false,
                RecordSettings.NONE,
                "",
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                Rdata.of(new byte[] {(byte) 192, 0, 2, (byte) version}));
    }

    private void write(int node, StoreImage image) throws IOException {
        StoreConfig config = trio.config(node);
        Files.createDirectories(config.dataFolder());
        try (DataFolder disk = DataFolder.open(config.dataFolder())) {
            new Snapshot(disk, config.journal(), 1, 1, image).write();
        }
    }

    @Test
    void is_served_from_disk_reconciled_and_given_to_an_empty_node_in_time() throws IOException {
        assertThat(time(() -> trio.open(0))).isLessThan(Duration.ofSeconds(50));
        assertThat(trio.store(0).status().records()).isEqualTo(RECORDS);
        trio.open(1);
        assertThat(trio.store(1).digest()).isNotEqualTo(trio.store(0).digest());
        trio.awaitMembers(2);
        assertThat(time(this::awaitEqual)).isLessThan(Duration.ofSeconds(50));
        assertThat(trio.store(1).conflicts()).isEmpty();

        trio.close(1);
        try (var files = Files.walk(folder.resolve("node1"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> assertThat(file.toFile().delete()).isTrue());
        }
        Duration took = time(() -> {
            trio.open(1);
            awaitEqual();
        });
        assertThat(took).isLessThan(Duration.ofMinutes(5));
    }

    private void awaitEqual() {
        until(() -> trio.store(0).digest() == trio.store(1).digest()
                && trio.store(1).status().records() == RECORDS);
    }

    private static Duration time(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofMinutes(6).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).describedAs("time").isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
