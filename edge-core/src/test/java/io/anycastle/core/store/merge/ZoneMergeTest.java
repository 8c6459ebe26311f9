package io.anycastle.core.store.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.plan.ChangePlanner;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules by which two states of a zone become one. */
class ZoneMergeTest {
    private static final long NOW = 1_000_000;
    private static final long DRIFT = 60_000;

    private final ChangePlanner planner = new ChangePlanner(Stores.RULES);
    private final AtomicInteger ids = new AtomicInteger();

    private String id() {
        return String.format(java.util.Locale.ROOT, "%032x", ids.incrementAndGet());
    }

    /** The state after a change that the node makes at that time. */
    private ZoneImage edit(ZoneImage before, String node, long millis, Edit... edits) {
        Stamp stamp = new Stamp(millis, 0, node);
        var context = new ChangePlanner.Context(Instant.ofEpochMilli(millis), stamp, this::id);
        Plan plan = planner.plan(before.state(), ChangeSet.of(Stores.ZONE, edits), context);
        assertThat(plan).isInstanceOf(Plan.Planned.class);
        return before.with(ZoneDelta.to(Stores.ZONE, stamp, before, (Plan.Planned) plan));
    }

    private ZoneImage zone() {
        return edit(ZoneImage.NONE, "a", 1_000, new Edit.CreateZone(ZoneType.FULL, List.of()));
    }

    private static Edit add(String name, String content) {
        return new Edit.CreateRecord(RecordDraft.of(name, "A", content));
    }

    private static Edit delete(ZoneImage image, String name) {
        return new Edit.DeleteRecord(record(image, name).id());
    }

    private static io.anycastle.core.model.Record record(ZoneImage image, String name) {
        return image.at(DomainName.of(name + ".example.com")).records().get(0);
    }

    private ZoneDelta delta(ZoneImage mine, ZoneImage theirs) {
        Stamp above = mine.stamp().compareTo(theirs.stamp()) > 0 ? mine.stamp() : theirs.stamp();
        var context = new ZoneMerge.Context(
                new Stamp(Math.max(NOW, above.millis() + 1), 0, "m"),
                Instant.ofEpochMilli(NOW),
                this::id,
                NOW + DRIFT,
                100);
        Map<DomainName, NameRecords> names = new HashMap<>();
        all(theirs).forEach(name -> names.put(name.name(), name));
        return ZoneMerge.merge(Stores.ZONE, mine, all(mine), new ZoneMerge.Theirs(theirs, names), context);
    }

    private static List<NameRecords> all(ZoneImage image) {
        List<NameRecords> all = new ArrayList<>();
        image.state().ifPresent(state -> all.addAll(state.names().values()));
        image.tombstones().forEach((name, stamp) -> all.add(new NameRecords(name, stamp, List.of())));
        return all;
    }

    /** Merges and holds that both sides come to the same. */
    private ZoneImage merge(ZoneImage mine, ZoneImage theirs) {
        ZoneDelta delta = delta(mine, theirs);
        ZoneImage merged = mine.with(delta);
        ZoneImage other = theirs.with(delta);
        assertThat(other.state().map(s -> s.names())).isEqualTo(merged.state().map(s -> s.names()));
        assertThat(other.digest()).isEqualTo(merged.digest());
        assertThat(other.stamp()).isEqualTo(merged.stamp());
        assertThat(other.conflicts()).isEqualTo(merged.conflicts());
        assertThat(merged.hasSeenAll(mine.seen())).isTrue();
        assertThat(merged.hasSeenAll(theirs.seen())).isTrue();
        return merged;
    }

    private static List<String> contents(ZoneImage image) {
        return image.state().orElseThrow().names().values().stream()
                .map(n -> n.name().toString().replace(".example.com", "") + " "
                        + n.records().get(0).content())
                .toList();
    }

    @Test
    void what_each_side_added_is_kept_and_is_no_conflict() {
        ZoneImage base = zone();
        ZoneImage merged =
                merge(edit(base, "a", 2_000, add("x", "192.0.2.1")), edit(base, "b", 3_000, add("y", "192.0.2.2")));
        assertThat(contents(merged)).containsExactly("x 192.0.2.1", "y 192.0.2.2");
        assertThat(merged.conflicts()).isEmpty();
        assertThat(merged.state().orElseThrow().zone().version()).isEqualTo(3);
    }

    @Test
    void a_name_written_on_both_sides_has_the_later_value_and_the_other_is_listed() {
        ZoneImage base = zone();
        ZoneImage merged =
                merge(edit(base, "a", 3_000, add("x", "192.0.2.1")), edit(base, "b", 2_000, add("x", "192.0.2.2")));
        assertThat(contents(merged)).containsExactly("x 192.0.2.1");
        assertThat(merged.conflicts().values())
                .singleElement()
                .satisfies(c -> assertThat(c.lost().stamp()).isEqualTo(new Stamp(2_000, 0, "b")));
    }

    private static Edit put(String line) {
        String[] words = line.split(" ", 3);
        return new Edit.CreateRecord(RecordDraft.of(words[0], words[1], words[2]));
    }

    /** The merged records of a name are such that the planner takes them, whichever side is the later one. */
    @ParameterizedTest
    @CsvSource({
        "x TXT text, x MX 5 mail.example.net",
        "x A 192.0.2.1, x TXT text",
        "x NS ns.example.net, x TXT text",
        "x DNAME d.example.net, x CAA 0 issue ca.example"
    })
    void what_stands_beside_a_cname_after_a_merge_may_stand_there(String instead, String beside) {
        ZoneImage base = edit(zone(), "a", 1_500, put("x CNAME y.example.net"));
        for (long later : new long[] {1_900, 2_100}) {
            ZoneImage changed = edit(base, "a", 2_000, delete(base, "x"), put(instead));
            ZoneImage added = edit(base, "b", later, put(beside));
            ZoneImage merged = merge(changed, added);
            NameRecords at = merged.at(DomainName.of("x.example.com"));
            assertThat(at.records()).hasSize(later > 2_000 ? 2 : 1);
            edit(zone(), "c", 5_000, new Edit.RestoreName(at));
            assertThat(merged.conflicts()).hasSize(1);
        }
    }

    @Test
    void a_deletion_that_the_other_side_did_not_see_stays_even_when_its_tombstone_is_forgotten() {
        ZoneImage base = edit(zone(), "a", 1_500, add("x", "192.0.2.1"));
        ZoneImage deleted = edit(base, "a", 2_000, delete(base, "x")).withoutTombstonesBefore(9_999);
        ZoneImage other = edit(base, "b", 3_000, add("y", "192.0.2.2"));
        assertThat(contents(merge(deleted, other))).containsExactly("y 192.0.2.2");
        assertThat(contents(merge(other, deleted))).containsExactly("y 192.0.2.2");
    }

    @Test
    void a_name_edited_after_it_was_deleted_elsewhere_comes_back_and_the_deletion_is_listed() {
        ZoneImage base = edit(zone(), "a", 1_500, add("x", "192.0.2.1"));
        ZoneImage deleted = edit(base, "a", 2_000, delete(base, "x"));
        ZoneImage edited = edit(
                base,
                "b",
                3_000,
                new Edit.ReplaceRecord(record(base, "x").id(), RecordDraft.of("x", "A", "192.0.2.9")));
        ZoneImage merged = merge(deleted, edited);
        assertThat(contents(merged)).containsExactly("x 192.0.2.9");
        assertThat(merged.conflicts()).hasSize(1);
    }

    @Test
    void a_pause_survives_a_later_record_change_of_the_other_side() {
        ZoneImage base = zone();
        Edit pause = new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty());
        ZoneImage merged = merge(edit(base, "a", 2_000, pause), edit(base, "b", 3_000, add("x", "192.0.2.1")));
        assertThat(merged.state().orElseThrow().zone().paused()).isTrue();
        assertThat(merged.conflicts()).isEmpty();
    }

    @Test
    void a_zone_deleted_later_than_it_was_changed_is_gone_and_the_changes_are_listed() {
        ZoneImage base = edit(zone(), "a", 1_500, add("x", "192.0.2.1"));
        ZoneImage merged =
                merge(edit(base, "a", 3_000, new Edit.DeleteZone()), edit(base, "b", 2_000, add("y", "192.0.2.2")));
        assertThat(merged.state()).isEmpty();
        assertThat(merged.conflicts()).hasSize(1);
    }

    @Test
    void a_zone_changed_later_than_it_was_deleted_lives_with_all_its_names() {
        ZoneImage base = edit(zone(), "a", 1_500, add("x", "192.0.2.1"));
        ZoneImage deleted = edit(base, "a", 2_000, new Edit.DeleteZone());
        ZoneImage changed = edit(base, "b", 3_000, add("y", "192.0.2.2"));
        assertThat(contents(merge(deleted, changed))).containsExactly("x 192.0.2.1", "y 192.0.2.2");
        ZoneImage merged = merge(changed, deleted);
        assertThat(contents(merged)).containsExactly("x 192.0.2.1", "y 192.0.2.2");
        assertThat(merged.conflicts().values())
                .singleElement()
                .satisfies(c -> assertThat(c.lost()).isInstanceOf(Conflict.Deletion.class));
    }

    @Test
    void a_clock_an_hour_ahead_does_not_win_for_ever() {
        ZoneImage base = zone();
        ZoneImage ahead = edit(base, "a", NOW + 3_600_000, add("x", "192.0.2.1"));
        ZoneImage merged = merge(ahead, edit(base, "b", 2_000, add("x", "192.0.2.2")));
        assertThat(contents(merged)).containsExactly("x 192.0.2.1");
        ZoneImage later = edit(base, "b", NOW + DRIFT, add("z", "192.0.2.3"));
        assertThat(contents(merge(ahead, later))).containsExactly("x 192.0.2.1", "z 192.0.2.3");
    }

    @Test
    void a_record_moved_on_one_side_and_edited_on_the_other_has_two_ids_afterwards() {
        ZoneImage base = edit(zone(), "a", 1_500, add("x", "192.0.2.1"));
        String id = record(base, "x").id();
        ZoneImage moved = edit(base, "a", 2_000, new Edit.ReplaceRecord(id, RecordDraft.of("y", "A", "192.0.2.1")));
        ZoneImage edited = edit(base, "b", 3_000, new Edit.ReplaceRecord(id, RecordDraft.of("x", "A", "192.0.2.2")));
        ZoneImage merged = merge(moved, edited);
        assertThat(contents(merged)).containsExactly("x 192.0.2.2", "y 192.0.2.1");
        assertThat(record(merged, "x").id()).isNotEqualTo(record(merged, "y").id());
        assertThat(merged.state().orElseThrow().recordCount()).isEqualTo(2);
    }

    @Test
    void a_conflict_that_one_side_settled_stays_settled() {
        ZoneImage base = zone();
        ZoneImage both =
                merge(edit(base, "a", 3_000, add("x", "192.0.2.1")), edit(base, "b", 2_000, add("x", "192.0.2.2")));
        String conflict = both.conflicts().keySet().iterator().next();
        ZoneImage settled = edit(both, "a", NOW + 5, new Edit.SettleConflict(conflict));
        ZoneImage other = edit(both, "b", NOW + 6, add("y", "192.0.2.3"));
        assertThat(merge(settled, other).conflicts()).isEmpty();
        assertThat(merge(other, settled).conflicts()).isEmpty();
    }

    @Test
    void what_both_sides_saw_of_the_world_outside_is_no_conflict_but_what_both_sides_set_is() {
        ZoneImage base = zone();
        ZoneImage seen = merge(
                edit(base, "a", 2_000, new Edit.PutDocument("observed/x", "1")),
                edit(base, "b", 3_000, new Edit.PutDocument("observed/x", "2")));
        assertThat(seen.conflicts()).isEmpty();
        assertThat(seen.state()
                        .orElseThrow()
                        .document("observed/x")
                        .orElseThrow()
                        .json())
                .contains("2");
        ZoneImage set = merge(
                edit(base, "a", 2_000, new Edit.PutDocument("x", "1")),
                edit(base, "b", 3_000, new Edit.PutDocument("x", "2")));
        assertThat(set.conflicts()).hasSize(1);
    }
}
