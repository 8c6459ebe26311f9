package io.anycastle.core.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.RecordRow;
import io.anycastle.core.model.SettingsPatch;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.UnknownFields;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.plan.ChangePlanner;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The stored form of a change: what goes in comes out, also what only a newer version understands, and nothing else is believed. */
class EntryCodecTest {
    private static final UnknownFields NEWER = UnknownFields.of(Map.of("weight", "7", "geo", "{\"near\":[1,2]}"));
    private static final DomainName NAME = DomainName.of("n1.example.com");

    /** A change as a version writes it that knows more than this one, at every level. */
    private static ZoneDelta newer() {
        Stamp stamp = Journals.stamp(9);
        NameRecords name = Journals.name("n1", 9);
        Record record = name.records().getFirst().withUnknown(NEWER);
        NameRecords known = new NameRecords(NAME, stamp, List.of(record), NEWER);
        Document document = new Document("rules", stamp, Optional.of("{\"a\":1}"), NEWER);
        return new ZoneDelta(
                Stores.ZONE,
                Set.of(Journals.stamp(7), Journals.stamp(8)),
                stamp,
                Optional.of(new ZoneHead(head(), stamp)),
                List.of(known, Journals.tombstone("n2", 9)),
                List.of(document, new Document("gone", stamp, Optional.empty())),
                Map.of("node-2", new Stamp(5, 6, "node-2")),
                new ZoneDelta.Losses(losses(known, document), Set.of("0".repeat(32))),
                NEWER);
    }

    private static List<Conflict> losses(NameRecords name, Document document) {
        Stamp merged = Journals.stamp(8);
        Stamp winner = new Stamp(4, 2, "node-3");
        return List.of(
                new Conflict("1".repeat(32), merged, winner, new Conflict.Name(name)),
                new Conflict("2".repeat(32), merged, winner, new Conflict.Text(document)),
                new Conflict("3".repeat(32), merged, winner, new Conflict.Settings(head(), winner)),
                new Conflict("4".repeat(32), merged, winner, new Conflict.Deletion(winner)));
    }

    private static Zone head() {
        Zone zone = Journals.head(9);
        return new Zone(
                zone.id(),
                zone.name(),
                zone.type(),
                zone.status(),
                true,
                zone.version(),
                zone.serial(),
                zone.nameServers(),
                zone.createdOn(),
                zone.modifiedOn(),
                zone.activatedOn(),
                NEWER);
    }

    @Test
    void every_part_of_a_change_comes_back_with_what_a_newer_version_has_added() throws Exception {
        var entry = new JournalEntry.Delta(17, newer());
        assertThat(JournalEntry.read(entry.bytes())).isEqualTo(entry);
    }

    @Test
    void an_edit_by_this_version_keeps_what_a_newer_one_has_added_to_zone_name_and_record() throws Exception {
        ZoneState before = ZoneImage.NONE.with(newer()).state().orElseThrow();
        Record record = before.at(NAME).orElseThrow().records().getFirst();
        ZoneState after = planned(
                before,
                new Edit.PatchRecord(record.id(), patch("192.0.2.99")),
                new Edit.ChangeZone(Optional.empty(), Optional.of(false), Optional.empty()));
        NameRecords name = after.at(NAME).orElseThrow();
        assertThat(name.records().getFirst().content()).isEqualTo("192.0.2.99");
        assertThat(name.records().getFirst().unknown()).isEqualTo(NEWER);
        assertThat(name.unknown()).isEqualTo(NEWER);
        assertThat(after.zone().paused()).isFalse();
        assertThat(after.zone().unknown()).isEqualTo(NEWER);
        assertThat(after.document("rules").orElseThrow().unknown()).isEqualTo(NEWER);
    }

    private static ZoneState planned(ZoneState before, Edit... edits) {
        ZoneRules rules = new ZoneRules(
                Set.of(InetAddress.ofLiteral("198.51.100.1")),
                List.of(DomainName.of("ns1.edge.test")),
                true,
                30,
                86400);
        var context = new ChangePlanner.Context(Instant.now(), Journals.stamp(10), () -> "9".repeat(32));
        Plan plan = new ChangePlanner(rules).plan(Optional.of(before), ChangeSet.of(Stores.ZONE, edits), context);
        assertThat(plan).isInstanceOf(Plan.Planned.class);
        return ((Plan.Planned) plan).after().orElseThrow();
    }

    private static RecordPatch patch(String content) {
        return new RecordPatch(
                Optional.empty(),
                Optional.empty(),
                Optional.of(content),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SettingsPatch.NONE,
                Optional.empty(),
                Optional.empty());
    }

    /** As versions that do not know them keep them, and this one where it does. */
    @Test
    void how_an_origin_is_asked_is_stored_as_fields_that_an_earlier_version_keeps() throws Exception {
        Map<OriginKey, String> said =
                Map.of(OriginKey.PORT, "8080", OriginKey.ROUTES, "[{\"path\":\"/\",\"origin\":\"192.0.2.2\"}]");
        NameRecords name = Journals.name("n1", 9);
        RecordRow row = name.records().getFirst().row();
        row.origin = OriginSettings.of(said);
        row.unknown = NEWER;
        NameRecords known = new NameRecords(NAME, name.stamp(), List.of(new Record(NAME, row)));
        row.origin = OriginSettings.NONE;
        Map<String, String> fields = new TreeMap<>(NEWER.json());
        said.forEach((key, json) -> fields.put(key.text(), json));
        row.unknown = UnknownFields.of(fields);
        NameRecords kept = new NameRecords(NAME, name.stamp(), List.of(new Record(NAME, row)));

        byte[] bytes = new JournalEntry.Delta(17, Journals.delta(9, List.of(known))).bytes();
        assertThat(new JournalEntry.Delta(17, Journals.delta(9, List.of(kept))).bytes())
                .isEqualTo(bytes);
        assertThat(JournalEntry.read(bytes)).isEqualTo(new JournalEntry.Delta(17, Journals.delta(9, List.of(known))));
    }

    @Test
    void an_entry_cut_off_anywhere_is_none() {
        byte[] whole = new JournalEntry.Delta(17, newer()).bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> JournalEntry.read(cut))
                    .as("of %d octets", length)
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> JournalEntry.read(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void octets_that_a_hostile_peer_makes_up_are_refused_or_read_and_nothing_else_happens() throws Exception {
        byte[] whole = new JournalEntry.Delta(17, newer()).bytes();
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] made = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                made[random.nextInt(made.length)] = (byte) random.nextInt();
            }
            try {
                JournalEntry.read(made);
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50_000);
    }

    @Test
    void an_entry_of_another_format_is_refused_by_its_number() {
        byte[] entry = new JournalEntry.End(1).bytes();
        entry[0] = 3;
        assertThatThrownBy(() -> JournalEntry.read(entry))
                .isInstanceOf(IOException.class)
                .hasMessage("an entry has format 3; this version reads 2");
    }
}
