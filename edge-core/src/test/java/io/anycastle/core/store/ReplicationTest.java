package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.state.Conflict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes that are together. */
class ReplicationTest {
    @TempDir
    Path folder;

    @Test
    void a_change_on_any_node_is_on_two_disks_when_acknowledged_and_soon_in_every_view() {
        try (Trio trio = Trio.start(folder, 3)) {
            assertThat(Stores.applied(trio.store(0).apply(Stores.newZone())).disks())
                    .isGreaterThanOrEqualTo(2);
            for (int i = 0; i < 12; i++) {
                var applied = Stores.applied(trio.store(i % 3).apply(Stores.add("n" + i, "192.0.2.1")));
                assertThat(applied.disks()).isGreaterThanOrEqualTo(2);
            }
            trio.awaitEqual();
            List<ZoneState> states =
                    trio.running().stream().map(Stores::zone).distinct().toList();
            assertThat(states).hasSize(1);
            assertThat(states.get(0).recordCount()).isEqualTo(12);
            assertThat(states.get(0).zone().version()).isEqualTo(13);
        }
    }

    @Test
    void concurrent_writers_of_one_zone_on_all_nodes_lose_nothing() throws Exception {
        int each = 20;
        try (Trio trio = Trio.start(folder, 3);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Stores.applied(trio.store(0).apply(Stores.newZone()));
            List<Future<?>> done = new ArrayList<>();
            for (int node = 0; node < 3; node++) {
                for (int writer = 0; writer < 2; writer++) {
                    String prefix = "w" + node + "-" + writer + "-";
                    ClusteredStore store = trio.store(node);
                    done.add(threads.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            Stores.applied(store.apply(Stores.add(prefix + i, "192.0.2.1")));
                        }
                    }));
                }
            }
            for (Future<?> future : done) {
                future.get();
            }
            trio.awaitEqual();
            assertThat(Stores.zone(trio.store(2)).recordCount()).isEqualTo(6 * each);
            assertThat(Stores.zone(trio.store(2)).zone().version()).isEqualTo(1 + 6 * each);
            assertThat(trio.store(0).counters().all()).containsEntry("store_merges", 0L);
        }
    }

    @Test
    void a_node_that_was_away_catches_up_and_one_that_starts_empty_gets_everything() {
        try (Trio trio = Trio.prepare(folder, 3, Trio.quick(OptionalInt.empty()))) {
            trio.open(0);
            trio.open(1);
            trio.awaitMembers(2);
            Stores.applied(trio.store(0).apply(Stores.newZone()));
            Stores.applied(trio.store(1).apply(Stores.add("before", "192.0.2.1")));
            trio.close(1);
            Stores.applied(trio.store(0).apply(Stores.add("meanwhile", "192.0.2.2")));
            String before = record(trio.store(0), "before.example.com");
            Stores.applied(trio.store(0).apply(ChangeSet.of(Stores.ZONE, new Edit.DeleteRecord(before))));
            Stores.applied(trio.store(0).apply(ChangeSet.of(Account.ZONE, new Edit.PutDocument("k", "{}"))));
            trio.open(1);
            trio.open(2);
            trio.awaitMembers(3);
            trio.awaitEqual();
            for (ClusteredStore store : trio.running()) {
                assertThat(Stores.zone(store).names()).containsOnlyKeys(DomainName.of("meanwhile.example.com"));
                assertThat(store.view().get().account().document("k")).contains("{}");
            }
            assertThat(trio.store(1).conflicts()).isEmpty();
            assertThat(Stores.applied(trio.store(2).apply(Stores.add("after", "192.0.2.3")))
                            .disks())
                    .isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void a_large_zone_reaches_an_empty_node_and_survives_its_restart_and_its_small_changes_follow() {
        int names = 60_000;
        try (Trio trio = Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty()))) {
            trio.open(0);
            Stores.await("a cluster of one", () -> trio.store(0).status().joined());
            Edit[] edits = new Edit[names + 1];
            edits[0] = Stores.newZone().edits().get(0);
            for (int i = 0; i < names; i++) {
                edits[i + 1] = new Edit.CreateRecord(RecordDraft.of("n" + i, "A", "192.0.2.1"));
            }
            Stores.applied(trio.store(0).apply(ChangeSet.of(Stores.ZONE, edits)));
            trio.open(1);
            trio.awaitMembers(2);
            trio.awaitEqual();
            Stores.await("the view", () -> trio.store(1).status().records() == names);
            Stores.applied(trio.store(1).apply(Stores.add("small", "192.0.2.2")));
            trio.awaitEqual();
            trio.close(1);
            trio.open(1);
            assertThat(Stores.zone(trio.store(1)).recordCount()).isEqualTo(names + 1);
            trio.awaitMembers(2);
            trio.awaitEqual();
            assertThat(trio.store(0).counters().all()).containsEntry("store_merges", 0L);
        }
    }

    @Test
    void two_nodes_that_were_apart_are_merged_and_the_loser_of_a_collision_is_listed() {
        try (Trio trio = Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty()))) {
            trio.open(0);
            trio.open(1);
            trio.awaitMembers(2);
            Stores.applied(trio.store(0).apply(Stores.newZone()));
            Stores.applied(trio.store(0).apply(Stores.add("gone", "192.0.2.9")));
            Stores.applied(trio.store(0).apply(Stores.add("again", "192.0.2.9")));
            Stores.applied(trio.store(0).apply(Stores.add("both", "192.0.2.1")));
            trio.awaitEqual();
            trio.close(1);
            Stores.applied(trio.store(0).apply(Stores.add("left", "192.0.2.2")));
            change(trio.store(0), "both", "192.0.2.3");
            delete(trio.store(0), "gone");
            trio.close(0);
            trio.open(1);
            Stores.await("a cluster of one", () -> trio.store(1).status().joined());
            Stores.applied(trio.store(1).apply(Stores.add("right", "192.0.2.4")));
            change(trio.store(1), "both", "192.0.2.5");
            delete(trio.store(1), "again");
            Stores.applied(trio.store(1).apply(Stores.add("again", "192.0.2.6")));
            trio.open(0);
            trio.awaitMembers(2);
            trio.awaitEqual();
            for (ClusteredStore store : trio.running()) {
                assertThat(contents(store))
                        .containsExactlyInAnyOrder(
                                "again 192.0.2.6", "both 192.0.2.5", "left 192.0.2.2", "right 192.0.2.4");
                assertThat(conflicts(store)).singleElement().satisfies(conflict -> {
                    assertThat(conflict.lost()).isInstanceOf(Conflict.Name.class);
                    Conflict.Name lost = (Conflict.Name) conflict.lost();
                    assertThat(lost.records().records().get(0).content()).isEqualTo("192.0.2.3");
                });
            }
            String id = conflicts(trio.store(0)).get(0).id();
            Stores.applied(trio.store(1).apply(ChangeSet.of(Stores.ZONE, new Edit.SettleConflict(id))));
            trio.awaitEqual();
            assertThat(trio.store(0).conflicts()).isEmpty();
        }
    }

    @Test
    void a_write_below_the_quorum_is_refused_and_changes_nothing_but_break_glass_works() {
        try (Trio trio = Trio.prepare(folder, 2, Trio.quick(OptionalInt.of(2)))) {
            trio.open(0);
            Stores.await("a cluster of one", () -> trio.store(0).status().joined());
            assertThat(trio.store(0).apply(Stores.newZone())).isInstanceOf(ChangeOutcome.Unavailable.class);
            trio.open(1);
            trio.awaitMembers(2);
            Stores.applied(trio.store(0).apply(Stores.newZone()));
            trio.close(1);
            Stores.await("alone", () -> trio.store(0).status().members() == 1);
            ZoneState before = Stores.zone(trio.store(0));
            assertThat(trio.store(0).apply(Stores.add("www", "192.0.2.1")))
                    .isInstanceOfSatisfying(
                            ChangeOutcome.Unavailable.class,
                            unavailable -> assertThat(unavailable.reason())
                                    .isEqualTo("the write quorum is 2 nodes, 1 are here"));
            assertThat(Stores.zone(trio.store(0))).isEqualTo(before);
            Edit pause = new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty());
            assertThat(Stores.applied(trio.store(0).apply(ChangeSet.of(Stores.ZONE, pause)))
                            .disks())
                    .isEqualTo(1);
            Stores.applied(trio.store(0).apply(ChangeSet.of(Account.ZONE, pause)));
            assertThat(Stores.zone(trio.store(0)).zone().paused()).isTrue();
            assertThat(trio.store(0).view().get().account().dnsOnly()).isTrue();
            trio.open(1);
            trio.awaitMembers(2);
            trio.awaitEqual();
            assertThat(Stores.zone(trio.store(1)).zone().paused()).isTrue();
            assertThat(trio.store(1).view().get().account().dnsOnly()).isTrue();
        }
    }

    @Test
    void a_node_with_anothers_id_does_not_join() {
        try (Trio trio = Trio.start(folder, 2)) {
            StoreConfig twin = trio.config(1);
            StoreConfig other = new StoreConfig(
                    folder.resolve("twin"),
                    Optional.of("n0"),
                    twin.clusterName(),
                    twin.bindAddress(),
                    0,
                    twin.members(),
                    twin.backups(),
                    twin.clientPort(),
                    twin.writeTimeout(),
                    twin.heartbeatTimeout(),
                    twin.logBytesMax(),
                    twin.entryBytesMax(),
                    twin.tombstoneLifetime(),
                    twin.clockDriftMax(),
                    twin.attemptsMax(),
                    twin.restartDelay(),
                    twin.network(),
                    twin.replication());
            try (ClusteredStore store = ClusteredStore.open(other, Stores.RULES, java.time.InstantSource.system())) {
                Stores.await(
                        "the refusal",
                        () -> store.status().lastError().orElse("").contains("has this node's id n0 already"));
            }
            trio.awaitMembers(2);
        }
    }

    @Test
    void a_deleted_zone_is_gone_everywhere_and_stays_gone() {
        try (Trio trio = Trio.start(folder, 2)) {
            Stores.applied(trio.store(0).apply(Stores.newZone()));
            Stores.applied(trio.store(1).apply(Stores.add("www", "192.0.2.1")));
            Stores.applied(trio.store(1).apply(ChangeSet.of(Stores.ZONE, new Edit.DeleteZone())));
            trio.awaitEqual();
            trio.awaitAll("no zone", store -> store.view().get().zones().isEmpty());
            trio.close(0);
            trio.open(0);
            trio.awaitMembers(2);
            trio.awaitEqual();
            assertThat(trio.store(0).view().get().zones()).isEmpty();
            assertThat(trio.store(1).view().get().zones()).isEmpty();
        }
    }

    private static List<Conflict> conflicts(ClusteredStore store) {
        return store.conflicts().getOrDefault(Stores.ZONE, List.of());
    }

    private static List<String> contents(ClusteredStore store) {
        return Stores.zone(store).names().values().stream()
                .map(n -> n.name().toString().replace(".example.com", "") + " "
                        + n.records().get(0).content())
                .toList();
    }

    private static String record(ClusteredStore store, String name) {
        return Stores.zone(store)
                .at(DomainName.of(name))
                .orElseThrow()
                .records()
                .get(0)
                .id();
    }

    private static void delete(ClusteredStore store, String name) {
        String id = record(store, name + ".example.com");
        Stores.applied(store.apply(ChangeSet.of(Stores.ZONE, new Edit.DeleteRecord(id))));
    }

    private static void change(ClusteredStore store, String name, String content) {
        String id = record(store, name + ".example.com");
        Stores.applied(
                store.apply(ChangeSet.of(Stores.ZONE, new Edit.ReplaceRecord(id, RecordDraft.of(name, "A", content)))));
    }

    @Test
    void a_node_that_comes_empty_waits_until_it_has_what_the_others_have() {
        int names = 20_000;
        try (Trio trio = Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty()))) {
            Stores.joined(trio.open(0));
            Stores.await("nobody to compare with", () -> !trio.store(0).isFirstComparisonPending());
            Edit[] edits = new Edit[names + 1];
            edits[0] = Stores.newZone().edits().get(0);
            for (int i = 0; i < names; i++) {
                edits[i + 1] = new Edit.CreateRecord(RecordDraft.of("n" + i, "A", "192.0.2.1"));
            }
            Stores.applied(trio.store(0).apply(ChangeSet.of(Stores.ZONE, edits)));
            ClusteredStore empty = trio.open(1);
            assertThat(empty.isFirstComparisonPending()).isTrue();
            Stores.await("the first comparison", () -> !empty.isFirstComparisonPending());
            assertThat(empty.status().records()).isEqualTo(names);
            trio.close(1);
            assertThat(trio.open(1).isFirstComparisonPending())
                    .describedAs("a node with a state of its own")
                    .isFalse();
        }
    }
}
