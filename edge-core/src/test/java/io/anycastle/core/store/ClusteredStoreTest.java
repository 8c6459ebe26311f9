package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.StoreException;
import io.anycastle.core.view.EdgeView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusteredStoreTest {
    @TempDir
    Path folder;

    @Test
    void what_is_written_is_in_the_view_and_after_reopening_too() throws Exception {
        ZoneState before;
        try (ClusteredStore store = Stores.open(folder)) {
            assertThat(store.view().get().zones()).isEmpty();
            Stores.applied(store.apply(Stores.newZone()));
            ChangeOutcome.Applied applied = Stores.applied(store.apply(Stores.add("www", "192.0.2.1")));
            assertThat(applied.disks()).isEqualTo(1);
            Record written = applied.records().get(0).orElseThrow();
            assertThat(Stores.zone(store).record(written.id())).contains(written);
            String gone = Stores.applied(store.apply(Stores.add("gone", "192.0.2.2")))
                    .records()
                    .get(0)
                    .orElseThrow()
                    .id();
            Stores.applied(store.apply(ChangeSet.of(Stores.ZONE, new Edit.DeleteRecord(gone))));
            before = Stores.zone(store);
            StoreStatus status = store.status();
            assertThat(status.joined()).isTrue();
            assertThat(status.members()).isEqualTo(1);
            assertThat(status.zones()).isEqualTo(1);
            assertThat(status.records()).isEqualTo(1);
            assertThat(status.lastError()).isEmpty();
            assertThat(store.counters().all()).containsEntry("store_change_sets_applied", 4L);
        }
        try (ClusteredStore store = Stores.open(folder)) {
            assertThat(Stores.zone(store)).isEqualTo(before);
            Stores.applied(store.apply(Stores.add("after", "192.0.2.3")));
            assertThat(Stores.zone(store).zone().version())
                    .isEqualTo(before.zone().version() + 1);
        }
    }

    @Test
    void a_deleted_zone_stays_deleted_and_can_be_made_anew() {
        try (ClusteredStore store = Stores.open(folder)) {
            Stores.applied(store.apply(Stores.newZone()));
            Stores.applied(store.apply(Stores.add("old", "192.0.2.1")));
            Stores.applied(store.apply(ChangeSet.of(Stores.ZONE, new Edit.DeleteZone())));
            assertThat(store.view().get().zones()).isEmpty();
        }
        try (ClusteredStore store = Stores.open(folder)) {
            assertThat(store.view().get().zones()).isEmpty();
            Stores.applied(store.apply(Stores.newZone()));
            Stores.applied(store.apply(Stores.add("new", "192.0.2.2")));
            assertThat(Stores.zone(store).names()).containsOnlyKeys(DomainName.of("new.example.com"));
        }
        try (ClusteredStore store = Stores.open(folder)) {
            assertThat(Stores.zone(store).names()).containsOnlyKeys(DomainName.of("new.example.com"));
        }
    }

    @Test
    void an_invalid_change_set_changes_nothing() {
        try (ClusteredStore store = Stores.open(folder)) {
            Stores.applied(store.apply(Stores.newZone()));
            ZoneState before = Stores.zone(store);
            ChangeOutcome outcome = store.apply(ChangeSet.of(
                    Stores.ZONE,
                    new Edit.CreateRecord(RecordDraft.of("good", "A", "192.0.2.1")),
                    new Edit.CreateRecord(RecordDraft.of("bad", "A", "nonsense"))));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ChangeOutcome.Invalid.class,
                            invalid -> assertThat(invalid.errors())
                                    .singleElement()
                                    .satisfies(error -> assertThat(error.edit()).isEqualTo(1)));
            assertThat(Stores.zone(store)).isEqualTo(before);
        }
    }

    @Test
    void a_lost_race_with_an_expected_version_is_told() {
        try (ClusteredStore store = Stores.open(folder)) {
            Stores.applied(store.apply(Stores.newZone()));
            Stores.applied(store.apply(Stores.add("a", "192.0.2.1")));
            ChangeSet late = new ChangeSet(
                    Stores.ZONE,
                    OptionalLong.of(1),
                    Stores.add("b", "192.0.2.2").edits());
            assertThat(store.apply(late)).isEqualTo(new ChangeOutcome.VersionConflict(2));
            ChangeSet inTime = new ChangeSet(Stores.ZONE, OptionalLong.of(2), late.edits());
            Stores.applied(store.apply(inTime));
        }
    }

    @Test
    void concurrent_writers_of_one_zone_lose_nothing_and_share_fsyncs_across_zones() throws Exception {
        int writers = 8;
        int each = 25;
        try (ClusteredStore store = Stores.open(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Stores.applied(store.apply(Stores.newZone()));
            for (int w = 0; w < writers; w++) {
                Stores.applied(store.apply(ChangeSet.of(
                        DomainName.of("z" + w + ".test"),
                        Stores.newZone().edits().get(0))));
            }
            List<Future<?>> done = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                done.add(threads.submit(() -> IntStream.range(0, each).forEach(i -> {
                    Stores.applied(store.apply(Stores.add("n" + writer + "-" + i, "192.0.2.1")));
                    Stores.applied(store.apply(ChangeSet.of(
                            DomainName.of("z" + writer + ".test"),
                            new Edit.CreateRecord(RecordDraft.of("n" + i, "A", "192.0.2.1")))));
                })));
            }
            for (Future<?> future : done) {
                future.get();
            }
            assertThat(Stores.zone(store).recordCount()).isEqualTo(writers * each);
            assertThat(Stores.zone(store).zone().version()).isEqualTo(1 + writers * each);
            long entries = store.counters().all().getOrDefault("store_journal_entries", 0L);
            assertThat(store.counters().all().getOrDefault("store_journal_fsyncs", 0L))
                    .isLessThan(entries);
        }
    }

    @Test
    void a_reader_never_sees_half_of_a_batch() throws Exception {
        try (ClusteredStore store = Stores.open(folder)) {
            Stores.applied(store.apply(Stores.newZone()));
            AtomicBoolean writing = new AtomicBoolean(true);
            Thread.Builder.OfPlatform reader = Thread.ofPlatform().name("reader");
            List<EdgeView> torn = new ArrayList<>();
            Thread reading = reader.start(() -> {
                while (writing.get()) {
                    EdgeView view = store.view().get();
                    boolean isWhole = view.zone(Stores.ZONE).orElseThrow().recordCount() % 10 == 0;
                    if (!isWhole) {
                        torn.add(view);
                    }
                }
            });
            for (int batch = 0; batch < 40; batch++) {
                Edit[] edits = new Edit[10];
                for (int i = 0; i < edits.length; i++) {
                    edits[i] = new Edit.CreateRecord(RecordDraft.of("b" + batch + "-" + i, "A", "192.0.2.1"));
                }
                Stores.applied(store.apply(ChangeSet.of(Stores.ZONE, edits)));
            }
            writing.set(false);
            reading.join();
            assertThat(torn).isEmpty();
        }
    }

    @Test
    void a_cluster_layer_that_dies_is_started_again_and_serving_goes_on() {
        try (ClusteredStore store = Stores.open(folder)) {
            Stores.applied(store.apply(Stores.newZone()));
            com.hazelcast.core.Hazelcast.getAllHazelcastInstances().forEach(h -> {
                if (h.getConfig().getClusterName().equals("test-" + folder.getFileName())) {
                    h.getLifecycleService().terminate();
                }
            });
            assertThat(Stores.zone(store).zone().name()).isEqualTo(Stores.ZONE);
            Stores.applied(store.apply(Stores.add("later", "192.0.2.1")));
            assertThat(store.counters().all()).containsEntry("store_cluster_starts", 2L);
        }
    }

    @Test
    void a_folder_in_use_is_told_in_one_sentence() {
        try (ClusteredStore store = Stores.open(folder)) {
            assertThat(store.status().nodeId()).matches("[0-9a-f]{16}");
            assertThatThrownBy(() -> Stores.open(folder))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("The data folder " + folder + " is in use by another node; each node needs its own.");
        }
    }

    @Test
    void a_folder_that_cannot_be_used_is_told_in_one_sentence() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertThatThrownBy(() -> Stores.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("The data folder " + file + " cannot be used: " + file + " is not a folder.");
        Path impossible = Path.of("/proc/anycastle");
        assertThatThrownBy(() -> Stores.open(impossible))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The data folder /proc/anycastle cannot be used: ");
    }

    @Test
    void a_public_bind_address_is_refused() throws Exception {
        StoreConfig config = Stores.config(folder);
        for (String address : List.of("0.0.0.0", "::", "192.0.2.1", "2001:db8::1")) {
            StoreConfig open = config.with(java.net.InetAddress.getByName(address), 0, List.of());
            assertThat(open.problems()).singleElement().asString().contains("must be a loopback or private address");
        }
        assertThat(config.problems()).isEmpty();
        assertThat(StoreConfig.defaults(folder).problems()).isEmpty();
    }

    @Test
    void a_change_before_the_cluster_layer_is_up_is_refused_at_once() {
        try (ClusteredStore alone = ClusteredStore.openAlone(
                Stores.config(folder.resolve("early")), Stores.RULES, InstantSource.system())) {
            long begun = System.nanoTime();
            assertThat(alone.apply(Stores.newZone()))
                    .isInstanceOfSatisfying(
                            ChangeOutcome.Unavailable.class,
                            refused -> assertThat(refused.reason()).contains("still starting"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            assertThat(alone.takesChanges()).isFalse();
            alone.join();
            Stores.joined(alone);
            Stores.applied(alone.apply(Stores.newZone()));
        }
    }
}
