package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was away for longer than deletions are remembered, and still has what was deleted meanwhile. */
class LongAbsenceTest {
    private static final InstantSource THREE_HOURS_AGO =
            Clock.offset(Clock.systemUTC(), Duration.ofHours(3).negated());
    private static final DomainName GONE = DomainName.of("gone.test");

    @TempDir
    Path folder;

    @Test
    void brings_nothing_back_and_has_what_the_others_have() {
        try (Trio trio =
                Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty())).forgetful()) {
            makeAndDelete(trio);
            trio.open(1);
            trio.awaitMembers(2);
            trio.awaitEqual();
            for (ClusteredStore store : trio.running()) {
                assertThat(store.view().get().zones()).containsOnlyKeys(Stores.ZONE, DomainName.of("filler.test"));
                assertThat(Stores.zone(store).names()).containsOnlyKeys(DomainName.of("kept.example.com"));
                assertThat(store.view().get().account().document("k")).isEmpty();
                assertThat(store.conflicts()).isEmpty();
            }
        }
    }

    @Test
    void keeps_its_own_edits_and_still_brings_nothing_back() {
        try (Trio trio =
                Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty())).forgetful()) {
            makeAndDelete(trio);
            trio.close(0);
            trio.open(1);
            Stores.await("a cluster of one", () -> trio.store(1).status().joined());
            Stores.applied(trio.store(1).apply(Stores.add("own", "192.0.2.9")));
            trio.open(0);
            trio.awaitMembers(2);
            trio.awaitEqual();
            for (ClusteredStore store : trio.running()) {
                assertThat(store.view().get().zones()).containsOnlyKeys(Stores.ZONE, DomainName.of("filler.test"));
                assertThat(Stores.zone(store).names())
                        .containsOnlyKeys(DomainName.of("kept.example.com"), DomainName.of("own.example.com"));
            }
        }
    }

    /** Both nodes have it all; then one goes, and the other deletes, and forgets that it did. */
    private static void makeAndDelete(Trio trio) {
        trio.open(0, THREE_HOURS_AGO);
        trio.open(1, THREE_HOURS_AGO);
        trio.awaitMembers(2);
        Stores.applied(trio.store(0).apply(Stores.newZone()));
        Stores.applied(trio.store(0).apply(Stores.add("kept", "192.0.2.1")));
        Stores.applied(trio.store(0).apply(Stores.add("gone", "192.0.2.2")));
        Stores.applied(trio.store(0).apply(zone(GONE)));
        Stores.applied(trio.store(0).apply(ChangeSet.of(Account.ZONE, new Edit.PutDocument("k", "{}"))));
        trio.awaitEqual();
        trio.close(1);
        ClusteredStore store = trio.store(0);
        String id = Stores.zone(store)
                .at(DomainName.of("gone.example.com"))
                .orElseThrow()
                .records()
                .getFirst()
                .id();
        Stores.applied(store.apply(ChangeSet.of(Stores.ZONE, new Edit.DeleteRecord(id))));
        Stores.applied(store.apply(ChangeSet.of(GONE, new Edit.DeleteZone())));
        Stores.applied(store.apply(ChangeSet.of(Account.ZONE, new Edit.DeleteDocument("k"))));
        trio.close(0);
        forget(Stores.joined(trio.open(0)));
    }

    private static ChangeSet zone(DomainName zone) {
        return ChangeSet.of(zone, Stores.newZone().edits().getFirst());
    }

    private static void forget(ClusteredStore store) {
        DomainName filler = DomainName.of("filler.test");
        Stores.applied(store.apply(zone(filler)));
        Edit[] edits = new Edit[3_000];
        for (int i = 0; i < edits.length; i++) {
            edits[i] = new Edit.CreateRecord(RecordDraft.of("n" + i, "A", "192.0.2.1"));
        }
        Stores.applied(store.apply(ChangeSet.of(filler, edits)));
        Stores.await("a snapshot, which forgets", () -> store.counters().all().getOrDefault("store_snapshots", 0L) > 0);
    }
}
