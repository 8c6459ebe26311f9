package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.Restoration.Action;
import io.anycastle.core.store.Restoration.ZoneChange;
import io.anycastle.core.store.backup.BackupReader;
import io.anycastle.core.store.backup.BackupWriter;
import io.anycastle.core.store.change.BackupException;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.journal.LogFile;
import io.anycastle.core.store.state.BackupContents;
import io.anycastle.core.store.state.ZoneImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is written beside writers, is refused unless it is whole, and makes another store what the first one was. */
final class BackupTest {
    private static final DomainName OTHER = DomainName.of("other.test");
    private static final int SEVERAL_STEPS = 40;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ClusteredStore store(String name) {
        ClusteredStore store = Stores.open(folder.resolve(name));
        Stores.await("joined", () -> store.status().joined());
        return store;
    }

    private Path backup(ClusteredStore store) throws IOException {
        Path file = Files.createTempFile(folder, "store", ".backup");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            store.backup(out, "1.0", key -> !key.startsWith("join/"));
        }
        return file;
    }

    private static Restoration check(Path file, ClusteredStore store, boolean isExact) throws BackupException {
        var options = new Restoration.Options(isExact, false, key -> !key.startsWith("node/"), SEVERAL_STEPS);
        return Restoration.check(file, store, Stores.RULES, options);
    }

    private static List<ZoneChange> restore(Path file, ClusteredStore store, boolean isExact) throws BackupException {
        List<ZoneChange> done = new ArrayList<>();
        assertThat(check(file, store, isExact).run(done::add)).isInstanceOf(Restoration.Ending.Restored.class);
        done.removeIf(change -> change.action() == Action.UNDERWAY);
        return done;
    }

    /** What users see of a zone: all but the stamps and what every change counts up. */
    private static Map<DomainName, List<Record>> records(ZoneState zone) {
        Map<DomainName, List<Record>> records = new TreeMap<>();
        for (NameRecords name : zone.names().values()) {
            records.put(name.name(), name.records());
        }
        return records;
    }

    private static void assertSame(ClusteredStore restored, ClusteredStore original) {
        var before = original.view().get().zones();
        var after = restored.view().get().zones();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, zone) -> {
            ZoneState other = java.util.Objects.requireNonNull(after.get(name));
            assertThat(records(other)).isEqualTo(records(zone));
            assertThat(other.zone().hasSettingsOf(zone.zone())).isTrue();
            assertThat(other.zone().version()).isGreaterThan(zone.zone().version());
            assertThat(other.zone().serial() - zone.zone().serial()).isPositive();
        });
    }

    private static void fill(ClusteredStore store, int names) {
        Stores.applied(store.apply(Stores.newZone()));
        List<Edit> edits = new ArrayList<>();
        OriginDraft asked = OriginDraft.among("{\"origin_port\":8080,\"routes\":[]}");
        for (int i = 0; i < names; i++) {
            edits.add(new Edit.CreateRecord(
                    RecordDraft.of("host" + i, "A", "192.0.2." + i % 250).withOrigin(asked)));
        }
        edits.add(new Edit.CreateRecord(RecordDraft.of("host0", "TXT", "first words")));
        edits.add(new Edit.PutDocument(ProxySettings.KEY, "{\"ssl\":\"strict\",\"origin_port\":8443}"));
        edits.add(new Edit.PutDocument("rules", "{\"a\":1}"));
        Stores.applied(store.apply(new ChangeSet(Stores.ZONE, OptionalLong.empty(), edits)));
        Stores.applied(store.apply(ChangeSet.of(
                OTHER,
                new Edit.CreateZone(ZoneType.PARTIAL, List.of()),
                new Edit.CreateRecord(RecordDraft.of("other.test", "NS", "ns.elsewhere.test")))));
        Stores.applied(store.apply(ChangeSet.of(
                Account.ZONE,
                new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty()),
                new Edit.PutDocument("settings", "{}"),
                new Edit.PutDocument("node/a", "{}"),
                new Edit.PutDocument("join/b", "{}"))));
    }

    @Test
    void a_fresh_store_becomes_what_the_backup_has_with_ids_and_times() throws Exception {
        try (ClusteredStore original = store("one");
                ClusteredStore fresh = store("two")) {
            fill(original, 100);
            Path file = backup(original);
            BackupContents contents = BackupReader.check(file);
            assertThat(contents.zones()).isEqualTo(2);
            assertThat(contents.records()).isEqualTo(102);
            assertThat(contents.bytes()).isEqualTo(Files.size(file));
            assertThat(contents.title().nodeId()).isEqualTo(original.status().nodeId());

            assertThat(restore(file, fresh, false))
                    .extracting(ZoneChange::action)
                    .containsExactly(Action.CHANGED, Action.CREATED, Action.CREATED);
            assertSame(fresh, original);
            assertThat(Stores.zone(fresh).document("rules").orElseThrow().json())
                    .contains("{\"a\":1}");
            assertThat(fresh.view().get().account().dnsOnly()).isTrue();
            assertThat(fresh.view().get().account().documents().keySet()).containsExactly("settings");
            assertThat(Stores.zone(fresh).proxySettings())
                    .isEqualTo(Stores.zone(original).proxySettings());
            assertThat(restore(file, fresh, true))
                    .extracting(ZoneChange::action)
                    .containsOnly(Action.SAME);
        }
    }

    @Test
    void what_was_changed_since_is_put_back_and_other_zones_stay_unless_it_is_to_be_exact() throws Exception {
        try (ClusteredStore original = store("one");
                ClusteredStore changed = store("two")) {
            fill(original, 100);
            Path file = backup(original);
            restore(file, changed, false);
            ZoneState zone = Stores.zone(changed);
            Record first = zone.at(DomainName.of("host1.example.com"))
                    .orElseThrow()
                    .records()
                    .getFirst();
            Record second = zone.at(DomainName.of("host2.example.com"))
                    .orElseThrow()
                    .records()
                    .getFirst();
            Stores.applied(changed.apply(ChangeSet.of(
                    Stores.ZONE,
                    new Edit.DeleteRecord(first.id()),
                    new Edit.ReplaceRecord(second.id(), RecordDraft.of("moved", "A", "192.0.2.99")),
                    new Edit.CreateRecord(RecordDraft.of("host1", "CNAME", "elsewhere.test")),
                    new Edit.DeleteDocument("rules"))));
            Stores.applied(changed.apply(ChangeSet.of(
                    OTHER,
                    new Edit.DeleteZone(),
                    new Edit.CreateZone(ZoneType.FULL, List.of(DomainName.of("ns.new.test"))))));
            DomainName added = DomainName.of("added.test");
            Stores.applied(changed.apply(ChangeSet.of(added, new Edit.CreateZone(ZoneType.FULL, List.of()))));

            assertThat(check(file, changed, false).planned())
                    .contains(new ZoneChange(added, Action.LEFT, 0), new ZoneChange(Stores.ZONE, Action.CHANGED, 4));
            assertThat(restore(file, changed, false)).contains(new ZoneChange(added, Action.LEFT, 0));
            assertThat(changed.view().get().zone(added)).isPresent();
            assertThat(restore(file, changed, true)).contains(new ZoneChange(added, Action.REMOVED, 1));
            assertSame(changed, original);
        }
    }

    @Test
    void a_backup_beside_a_writer_holds_each_change_set_whole() throws Exception {
        try (ClusteredStore store = store("one")) {
            fill(store, 3000);
            AtomicBoolean isEnough = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            Thread writer = Thread.startVirtualThread(() -> {
                while (!isEnough.get()) {
                    String pair = "pair" + written.incrementAndGet();
                    Stores.applied(store.apply(ChangeSet.of(
                            Stores.ZONE,
                            new Edit.CreateRecord(RecordDraft.of("a." + pair, "A", "192.0.2.1")),
                            new Edit.CreateRecord(RecordDraft.of("z." + pair, "A", "192.0.2.1")))));
                }
            });
            Stores.await("a change", () -> written.get() > 2);
            for (int i = 0; i < 5; i++) {
                BackupReader.read(backup(store), "it", zone -> {
                    if (zone.zone().name().equals(Stores.ZONE)) {
                        long halves = zone.names().keySet().stream()
                                .filter(name -> name.toString().contains("pair"))
                                .count();
                        assertThat(halves).isEven().isEqualTo(2 * (zone.zone().version() - 2));
                    }
                });
            }
            isEnough.set(true);
            writer.join();
        }
    }

    @Test
    void a_bit_that_flips_anywhere_and_an_end_that_is_missing_are_refused_before_anything_changes() throws Exception {
        try (ClusteredStore original = store("one");
                ClusteredStore fresh = store("two")) {
            fill(original, 30);
            byte[] whole = Files.readAllBytes(backup(original));
            Path file = folder.resolve("damaged.backup");
            for (int at = 0; at < whole.length; at++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << at % 8);
                Files.write(file, damaged);
                assertThatThrownBy(() -> check(file, fresh, true))
                        .isInstanceOf(BackupException.class)
                        .message()
                        .startsWith("the file ")
                        .doesNotContain("\n");
                Files.write(file, Arrays.copyOf(whole, at));
                assertThatThrownBy(() -> check(file, fresh, true)).isInstanceOf(BackupException.class);
            }
            assertThat(fresh.view().get().zones()).isEmpty();
        }
    }

    @Test
    void a_refusal_names_what_is_wrong_with_the_file() throws Exception {
        try (ClusteredStore original = store("one")) {
            fill(original, 30);
            byte[] whole = Files.readAllBytes(backup(original));
            assertRefused(new byte[0], "is no backup of an Anycastle store");
            assertRefused(
                    "$ORIGIN example.com.\n@ A 192.0.2.1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "is no backup of an Anycastle store");
            assertRefused(Arrays.copyOf(whole, whole.length - 5), "is cut off");
            assertRefused(Arrays.copyOf(whole, whole.length + 1), "has something behind its end");
            byte[] newer = whole.clone();
            ByteBuffer.wrap(newer).put(LogFile.header(BackupWriter.MAGIC, BackupWriter.VERSION + 1));
            assertRefused(newer, "has backup format 2; this version of Anycastle reads 1: a newer one wrote it");
            byte[] flipped = whole.clone();
            flipped[whole.length / 2] ^= 1;
            assertRefused(flipped, "is damaged");
        }
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = Files.write(folder.resolve("given"), bytes);
        assertThatThrownBy(() -> BackupReader.check(file))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith("given " + reason);
    }

    private static Restoration check(Path file, ClusteredStore store, ZoneRules rules, boolean isAllOrNothing)
            throws BackupException {
        return Restoration.check(
                file, store, rules, new Restoration.Options(false, isAllOrNothing, key -> true, SEVERAL_STEPS));
    }

    private ClusteredStore store(String name, ZoneRules rules) {
        ClusteredStore store = ClusteredStore.open(Stores.config(folder.resolve(name)), rules, InstantSource.system());
        Stores.await("joined", () -> store.status().joined());
        return store;
    }

    /** The edge of this node has an address that the backup's records have, and answers for partial zones below other.test. */
    private static ZoneRules otherRules() {
        return new ZoneRules(
                Set.of(java.net.InetAddress.ofLiteral("203.0.113.1")),
                Stores.RULES.nameServers(),
                true,
                300,
                86_400,
                Optional.of(OTHER));
    }

    @Test
    void what_cannot_stand_on_this_node_is_left_out_and_named_and_all_others_are_restored() throws Exception {
        ZoneRules rules = otherRules();
        try (ClusteredStore original = store("one");
                ClusteredStore fresh = store("two", rules)) {
            fill(original, 100);
            Stores.applied(original.apply(Stores.add("loop", "203.0.113.1")));
            Stores.applied(original.apply(Stores.add("loop", "192.0.2.77")));
            Restoration restoration = check(backup(original), fresh, rules, false);
            List<ZoneChange> done = new ArrayList<>();
            assertThat(restoration.run(done::add)).isInstanceOf(Restoration.Ending.Restored.class);
            done.removeIf(change -> change.action() == Action.UNDERWAY);
            assertThat(done)
                    .filteredOn(change -> !change.leftOut().isEmpty())
                    .isEqualTo(restoration.planned().stream()
                            .filter(change -> !change.leftOut().isEmpty())
                            .toList())
                    .satisfiesExactlyInAnyOrder(
                            change -> {
                                assertThat(change.action()).isEqualTo(Action.CREATED);
                                assertThat(change.leftOut())
                                        .singleElement()
                                        .asString()
                                        .startsWith("example.com: loop.example.com A 203.0.113.1: ")
                                        .contains("an address of the edge itself");
                            },
                            change -> {
                                assertThat(change.action()).isEqualTo(Action.REFUSED);
                                assertThat(change.leftOut())
                                        .singleElement()
                                        .asString()
                                        .startsWith("other.test: ")
                                        .contains("zones.partial-suffix");
                            });
            ZoneState zone = Stores.zone(fresh);
            assertThat(zone.recordCount()).isEqualTo(Stores.zone(original).recordCount() - 1);
            assertThat(zone.at(DomainName.of("loop.example.com")).orElseThrow().records())
                    .extracting(Record::content)
                    .containsExactly("192.0.2.77");
            assertThat(fresh.view().get().zone(OTHER)).isEmpty();
        }
    }

    @Test
    void who_wants_all_or_nothing_gets_nothing_of_a_backup_of_which_something_cannot_stand() throws Exception {
        ZoneRules rules = otherRules();
        try (ClusteredStore original = store("one");
                ClusteredStore fresh = store("two", rules)) {
            fill(original, 3);
            Stores.applied(original.apply(Stores.add("loop", "203.0.113.1")));
            Path file = backup(original);
            assertThatThrownBy(() -> check(file, fresh, rules, true))
                    .isInstanceOf(BackupException.class)
                    .message()
                    .contains("example.com: loop.example.com A 203.0.113.1: ", "other.test: ");
            assertThat(fresh.view().get().zones()).isEmpty();
        }
    }

    /** A record as an older version took it, whose text no parser takes again. */
    private static Record unspellable(String name, String type, int ttl, String content, String hex) {
        return new Record(
                "%032x".formatted(name.hashCode()),
                DomainName.of(name),
                io.anycastle.core.model.RecordType.named(type).orElseThrow(),
                content,
                java.util.OptionalInt.empty(),
                new io.anycastle.core.model.Ttl(ttl),
                false,
                io.anycastle.core.model.RecordSettings.NONE,
                "",
                List.of(),
                java.time.Instant.EPOCH,
                java.time.Instant.EPOCH,
                io.anycastle.core.model.Rdata.of(java.util.HexFormat.of().parseHex(hex)));
    }

    @Test
    void a_backup_with_records_whose_text_or_ttl_is_not_accepted_again_is_restored_whole_on_an_empty_node()
            throws Exception {
        try (ClusteredStore original = store("one");
                ClusteredStore fresh = store("two")) {
            fill(original, 10);
            for (Record record : List.of(
                    unspellable("apl.example.com", "APL", 0, "", ""),
                    unspellable(
                            "svc.example.com", "HTTPS", 1, "1 . ipv6hint=\"192.0.2.1\"", "00010000060004c0000201"))) {
                Stores.applied(original.apply(ChangeSet.of(
                        Stores.ZONE,
                        new Edit.RestoreName(
                                new NameRecords(record.name(), ZoneImage.NONE.stamp(), List.of(record))))));
            }
            assertThat(restore(backup(original), fresh, false))
                    .allSatisfy(change -> assertThat(change.leftOut()).isEmpty());
            assertSame(fresh, original);
        }
    }

    @Test
    void records_that_clients_cannot_use_or_whose_octets_have_two_readings_come_back_as_they_were() throws Exception {
        try (ClusteredStore original = store("one");
                ClusteredStore fresh = store("two")) {
            fill(original, 3);
            for (RecordDraft draft : List.of(
                    RecordDraft.of("a", "TLSA", "3 1 1 aabb"),
                    RecordDraft.of("a", "SMIMEA", "3 1 1 aabb"),
                    RecordDraft.of("a", "HTTPS", "1 . key65535=x"),
                    RecordDraft.of("a", "TYPE65535", "\\# 0"),
                    RecordDraft.of("a", "APL", "2:::ffff:1.2.3.4/128"),
                    RecordDraft.of("b", "APL", "\\# 20 0002801000000000000000000000ffff01020304"),
                    RecordDraft.of("a", "RESINFO", "qnamemin exterr=15-17"))) {
                Stores.applied(original.apply(ChangeSet.of(Stores.ZONE, new Edit.CreateRecord(draft))));
            }
            assertThat(restore(backup(original), fresh, false))
                    .allSatisfy(change -> assertThat(change.leftOut()).isEmpty());
            assertSame(fresh, original);
        }
    }

    @Test
    void a_restore_that_broke_off_is_run_again() throws Exception {
        try (ClusteredStore original = store("one")) {
            fill(original, 300);
            Path file = backup(original);
            ClusteredStore broken = store("two");
            AtomicInteger steps = new AtomicInteger();
            Restoration restoration = check(file, broken, true);
            assertThat(restoration.run(done -> {
                        if (done.action() == Action.UNDERWAY && steps.incrementAndGet() == 3) {
                            broken.close();
                        }
                    }))
                    .isInstanceOf(Restoration.Ending.BrokeOff.class);
            try (ClusteredStore again = store("two")) {
                restore(file, again, true);
                assertSame(again, original);
            }
        }
    }

    @Test
    void a_large_zone_streams_in_pieces() throws Exception {
        try (ClusteredStore store = store("one")) {
            fill(store, 100_000);
            AtomicLong most = new AtomicLong();
            AtomicLong all = new AtomicLong();
            store.backup(
                    new OutputStream() {
                        @Override
                        public void write(int octet) {
                            all.incrementAndGet();
                        }

                        @Override
                        public void write(byte[] bytes, int from, int length) {
                            most.accumulateAndGet(length, Math::max);
                            all.addAndGet(length);
                        }
                    },
                    "1.0",
                    key -> true);
            assertThat(all.get()).isGreaterThan(2_000_000);
            assertThat(most.get()).isLessThan(100_000);
            Collection<Integer> found = new ArrayList<>();
            BackupReader.read(backup(store), "it", zone -> found.add(zone.recordCount()));
            assertThat(found).contains(100_001);
        }
    }
}
