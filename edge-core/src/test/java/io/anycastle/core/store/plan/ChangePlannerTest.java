package io.anycastle.core.store.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.SettingsPatch;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Edit.ChangeZone;
import io.anycastle.core.store.change.Edit.CreateRecord;
import io.anycastle.core.store.change.Edit.CreateZone;
import io.anycastle.core.store.change.Edit.DeleteRecord;
import io.anycastle.core.store.change.Edit.DeleteZone;
import io.anycastle.core.store.change.Edit.PatchRecord;
import io.anycastle.core.store.change.Edit.ReplaceRecord;
import io.anycastle.core.store.change.Exemption;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a change set does to a zone, and what it may not do. */
class ChangePlannerTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final ZoneRules RULES = new ZoneRules(
            Set.of(InetAddress.ofLiteral("198.51.100.1")), List.of(DomainName.of("ns1.edge.test")), true, 30, 86400);

    private final AtomicLong ids = new AtomicLong();
    private final ChangePlanner planner = new ChangePlanner(RULES);

    private Plan plan(Optional<ZoneState> before, Edit... edits) {
        return plan(planner, before, edits);
    }

    private Plan plan(ChangePlanner by, Optional<ZoneState> before, Edit... edits) {
        var context = new ChangePlanner.Context(
                NOW, new Stamp(1, 0, "n1"), () -> String.format("%032x", ids.incrementAndGet()));
        return by.plan(before, ChangeSet.of(ZONE, edits), context);
    }

    private static Plan.Planned planned(Plan plan) {
        return switch (plan) {
            case Plan.Planned planned -> planned;
            case Plan.Refused refused ->
                throw new AssertionError(refused.errors().toString());
        };
    }

    private static List<EditError> errors(Plan plan) {
        return switch (plan) {
            case Plan.Planned planned -> throw new AssertionError("was planned: " + planned.records());
            case Plan.Refused refused -> refused.errors();
        };
    }

    private static Edit create(String line) {
        String[] words = line.split(" ", 3);
        return new CreateRecord(RecordDraft.of(words[0], words[1], words[2]));
    }

    private static Edit[] creates(String lines) {
        return lines.lines()
                .flatMap(l -> List.of(l.split(" \\| ")).stream())
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .map(ChangePlannerTest::create)
                .toArray(Edit[]::new);
    }

    private ZoneState zone(String records) {
        List<Edit> edits = new ArrayList<>();
        edits.add(new CreateZone(ZoneType.FULL, List.of()));
        edits.addAll(List.of(creates(records)));
        return planned(plan(Optional.empty(), edits.toArray(Edit[]::new)))
                .after()
                .orElseThrow();
    }

    private static Record only(ZoneState zone, String name) {
        return zone.at(DomainName.inZone(name, ZONE)).orElseThrow().records().getFirst();
    }

    private static RecordPatch patch(Optional<String> name, Optional<String> content, Optional<Boolean> proxied) {
        return new RecordPatch(
                name,
                Optional.empty(),
                content,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                proxied,
                SettingsPatch.NONE,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void a_new_zone_has_version_one_its_name_servers_and_the_time_as_serial() {
        ZoneState zone = zone("www A 192.0.2.1");
        assertThat(zone.zone().version()).isEqualTo(1);
        assertThat(zone.zone().serial()).isEqualTo(1_800_000_000);
        assertThat(zone.zone().nameServers()).containsExactly(DomainName.of("ns1.edge.test"));
        assertThat(zone.zone().status()).isEqualTo(ZoneStatus.ACTIVE);
        assertThat(zone.zone().activatedOn()).contains(NOW);
        assertThat(zone.zone().id()).matches("[0-9a-f]{32}");
        assertThat(zone.recordCount()).isEqualTo(1);
    }

    @Test
    void a_zone_waits_for_its_activation_check_unless_nobody_could_check_it() {
        var checked = new ChangePlanner(new ZoneRules(Set.of(), RULES.nameServers(), false, 30, 86400));
        assertThat(planned(plan(checked, Optional.empty(), new CreateZone(ZoneType.FULL, List.of())))
                        .after())
                .hasValueSatisfying(z -> assertThat(z.zone().status()).isEqualTo(ZoneStatus.PENDING))
                .hasValueSatisfying(z -> assertThat(z.zone().activatedOn()).isEmpty());
        for (String name : List.of("lan", "corp.internal", "2.0.192.in-addr.arpa", "1.10.in-addr.arpa")) {
            var context = new ChangePlanner.Context(NOW, new Stamp(1, 0, "n1"), () -> "0".repeat(32));
            Plan plan = checked.plan(
                    Optional.empty(),
                    ChangeSet.of(DomainName.of(name), new CreateZone(ZoneType.FULL, List.of())),
                    context);
            boolean isPublic = name.startsWith("2.0.192");
            assertThat(planned(plan).after().orElseThrow().zone().status())
                    .isEqualTo(isPublic ? ZoneStatus.PENDING : ZoneStatus.ACTIVE);
        }
    }

    @Test
    void a_zone_that_exists_cannot_be_made_again_and_one_that_does_not_cannot_be_edited() {
        assertThat(errors(plan(Optional.of(zone("")), new CreateZone(ZoneType.FULL, List.of()))))
                .extracting(e -> e.error().kind())
                .containsExactly(Kind.ZONE_EXISTS);
        assertThat(errors(plan(Optional.empty(), create("www A 192.0.2.1"), new DeleteZone())))
                .extracting(e -> e.error().kind())
                .containsExactly(Kind.NO_SUCH_ZONE, Kind.NO_SUCH_ZONE);
    }

    @Test
    void each_change_set_counts_the_version_and_the_serial_up() {
        ZoneState first = zone("www A 192.0.2.1");
        ZoneState second = planned(plan(Optional.of(first), create("ftp A 192.0.2.2")))
                .after()
                .orElseThrow();
        assertThat(second.zone().version()).isEqualTo(2);
        assertThat(second.zone().serial()).isEqualTo(1_800_000_001);
        assertThat(second.zone().id()).isEqualTo(first.zone().id());
    }

    @ParameterizedTest
    @CsvSource({
        "0,1800000000,1800000000",
        "1799999999,1800000000,1800000000",
        "1800000000,1800000000,1800000001",
        "-1,1800000000,1800000000",
        "2026112301,1800000000,2026112302",
        "-2147483648,4294967290,-6"
    })
    void a_serial_never_goes_back_in_the_arithmetic_of_rfc_1982(int serial, long clock, int next) {
        assertThat(ChangePlanner.nextSerial(serial, Instant.ofEpochSecond(clock)))
                .isEqualTo(next);
    }

    @Test
    void the_zones_own_name_takes_a_cname_beside_everything_but_addresses() {
        ZoneState zone = zone("@ MX 10 mail.example.net");
        Plan.Planned planned = planned(plan(
                Optional.of(zone),
                create("@ CNAME b.example.net"),
                create("@ TXT x"),
                create("@ CAA 0 issue \"ca.example\"")));
        assertThat(planned.after().orElseThrow().recordCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "www A 192.0.2.1,www CNAME b.example.net,ADDRESS_OR_CNAME_CLASH",
        "www CNAME b.example.net,www CNAME c.example.net,ADDRESS_OR_CNAME_CLASH",
        "www CNAME b.example.net,www AAAA 2001:db8::1,CNAME_CLASH",
        "sub NS ns.example.net,sub CNAME b.example.net,NS_CLASH",
        "sub CNAME b.example.net,sub NS ns.example.net,CNAME_CLASH",
        "old DNAME new.example.net,old CNAME b.example.net,CNAME_CLASH",
        "old CNAME b.example.net,old DNAME new.example.net,CNAME_CLASH",
        "old DNAME new.example.net,old DNAME newer.example.net,INVALID_CONTENT",
        "old DNAME new.example.net,old NS ns.example.net,NS_CLASH",
        "old NS ns.example.net,old DNAME new.example.net,NS_CLASH",
        "www A 192.0.2.1,WWW A 192.0.2.1,IDENTICAL_RECORD",
        "www AAAA 2001:db8::1,www AAAA 2001:0DB8:0::1,IDENTICAL_RECORD",
        "www TXT x,www TXT \"x\",IDENTICAL_RECORD",
        "@ MX 10 mail.example.net,@ MX 10 mail.example.net.,IDENTICAL_RECORD",
        "@ A 192.0.2.1,@ CNAME b.example.net,ADDRESS_OR_CNAME_CLASH",
        "@ CNAME b.example.net,@ AAAA 2001:db8::1,CNAME_CLASH",
        "@ CNAME b.example.net,@ DNAME c.example.net,CNAME_CLASH",
        "@ DNAME c.example.net,@ CNAME b.example.net,CNAME_CLASH",
        "www A 192.0.2.1,@ NS ns.example.net,NS_CLASH",
        "www A 192.0.2.1,*.sub NS ns.example.net,INVALID_NAME",
        "www A 192.0.2.1,@ DS 1 13 1 0123456789012345678901234567890123456789,INVALID_NAME"
    })
    void records_that_cannot_lie_together_are_refused(String first, String second, Kind kind) {
        ZoneState before = zone(first);
        assertThat(errors(plan(Optional.of(before), create(second))))
                .extracting(e -> e.error().kind())
                .containsExactly(kind);
        assertThat(errors(plan(
                        Optional.empty(), new CreateZone(ZoneType.FULL, List.of()), create(first), create(second))))
                .singleElement()
                .satisfies(e -> assertThat(e.edit()).isEqualTo(2))
                .satisfies(e -> assertThat(e.error().kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({
        "www A 192.0.2.1 | www A 192.0.2.2 | www AAAA 2001:db8::1 | www TXT x | www MX 5 mail",
        "@ MX 10 mail.example.net | @ MX 20 mail.example.net | @ TXT x | @ TXT y | @ A 192.0.2.1",
        "sub NS ns1.example.net | sub NS ns2.example.net",
        "sub DS 1 13 1 0123456789012345678901234567890123456789 | sub NS ns1.example.net",
        "sub A 192.0.2.1 | sub NS sub.example.com | deep.sub A 192.0.2.2",
        "mail CNAME host.example.com | @ MX 10 mail.example.com",
        "* CNAME host.example.net | www A 192.0.2.1",
        "www CNAME b.example.net | www TXT x | www MX 5 mail.example.net | www CAA 0 issue \"ca.example\"",
        "www HTTPS 1 . alpn=h3 | www TXT x | www CNAME b.example.net",
        "www CNAME www.example.com | old DNAME old.example.com | older DNAME x.older.example.com",
        "www CNAME . | *.old DNAME new.example.net",
        "bank NS www.example.com | www NS ns.other.example | www A 192.0.2.1",
        "sub NS ns.example.net | sub TXT x | sub MX 5 mail | sub A 192.0.2.1 | x.sub CNAME y.example.net",
        "sub TXT x | sub NS ns.example.net",
        "sub DS 1 13 1 0123456789012345678901234567890123456789",
        "*.sub DS 1 13 1 0123456789012345678901234567890123456789",
        "a.*.sub A 192.0.2.1 | *.* TXT x"
    })
    void records_that_may_lie_together_do(String records) {
        assertThat(zone(records).recordCount()).isEqualTo(creates(records).length);
    }

    @Test
    void edits_see_the_results_of_those_before_them() {
        ZoneState before = zone("www A 192.0.2.1");
        Plan.Planned plan = planned(plan(
                Optional.of(before),
                new DeleteRecord(only(before, "www").id()),
                create("www CNAME origin.example.net"),
                create("ftp A 192.0.2.9")));
        assertThat(plan.names())
                .containsExactlyInAnyOrder(DomainName.of("www.example.com"), DomainName.of("ftp.example.com"));
        assertThat(plan.records().get(0)).map(Record::content).contains("192.0.2.1");
        assertThat(plan.records().get(1)).map(Record::content).contains("origin.example.net");
    }

    @Test
    void one_bad_edit_refuses_all_and_every_bad_edit_is_told_with_its_index() {
        ZoneState before = zone("www A 192.0.2.1");
        assertThat(errors(plan(
                        Optional.of(before),
                        create("a A 192.0.2.1"),
                        create("b A 1.2.3"),
                        new DeleteRecord("none"),
                        create("c A 192.0.2.3"),
                        create("www CNAME x.example.net"))))
                .extracting(EditError::edit)
                .containsExactly(1, 2, 4);
        assertThat(before.recordCount()).isEqualTo(1);
    }

    @Test
    void a_patch_changes_just_what_it_names() {
        ZoneState before = zone("www A 192.0.2.1");
        Record old = only(before, "www");
        Plan.Planned plan = planned(plan(
                Optional.of(before),
                new PatchRecord(old.id(), patch(Optional.empty(), Optional.of("192.0.2.7"), Optional.of(true)))));
        Record now = only(plan.after().orElseThrow(), "www");
        assertThat(now.content()).isEqualTo("192.0.2.7");
        assertThat(now.proxied()).isTrue();
        assertThat(now.id()).isEqualTo(old.id());
        assertThat(plan.names()).containsExactly(old.name());
    }

    @Test
    void a_patch_may_move_a_record_to_another_name() {
        ZoneState before = zone("www A 192.0.2.1");
        Record old = only(before, "www");
        ZoneState after = planned(plan(
                        Optional.of(before),
                        new PatchRecord(old.id(), patch(Optional.of("web"), Optional.empty(), Optional.empty())),
                        create("www CNAME web.example.com")))
                .after()
                .orElseThrow();
        assertThat(only(after, "web").id()).isEqualTo(old.id());
        assertThat(only(after, "www").type().name()).isEqualTo("CNAME");
        assertThat(after.record(old.id())).map(Record::name).contains(DomainName.of("web.example.com"));
    }

    @Test
    void a_patch_of_the_priority_keeps_the_content() {
        ZoneState before = zone("@ MX 10 mail.example.net");
        RecordPatch priority = new RecordPatch(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(20),
                Optional.empty(),
                Optional.empty(),
                SettingsPatch.NONE,
                Optional.empty(),
                Optional.empty());
        ZoneState after = planned(plan(
                        Optional.of(before), new PatchRecord(only(before, "@").id(), priority)))
                .after()
                .orElseThrow();
        assertThat(only(after, "@").priority()).hasValue(20);
        assertThat(only(after, "@").content()).isEqualTo("mail.example.net");
    }

    @Test
    void a_replacement_puts_what_it_leaves_out_back_to_its_default() {
        ZoneState before = planned(plan(
                        Optional.of(zone("")),
                        new CreateRecord(RecordDraft.of("www", "A", "192.0.2.1").withTtl(300))))
                .after()
                .orElseThrow();
        ZoneState after = planned(plan(
                        Optional.of(before),
                        new ReplaceRecord(only(before, "www").id(), RecordDraft.of("www", "A", "192.0.2.1"))))
                .after()
                .orElseThrow();
        assertThat(only(after, "www").ttl().isAuto()).isTrue();
    }

    @Test
    void a_record_may_be_replaced_by_itself_and_by_what_its_own_old_content_forbids() {
        ZoneState before = zone("www CNAME a.example.net");
        String id = only(before, "www").id();
        for (RecordDraft draft : List.of(
                RecordDraft.of("www", "CNAME", "a.example.net"),
                RecordDraft.of("www", "CNAME", "b.example.net"),
                RecordDraft.of("www", "A", "192.0.2.1"))) {
            assertThat(planned(plan(Optional.of(before), new ReplaceRecord(id, draft)))
                            .records())
                    .hasSize(1);
        }
    }

    @Test
    void a_refused_replacement_leaves_the_old_record_for_the_edits_after_it() {
        ZoneState before = zone("www A 192.0.2.1 | www A 192.0.2.2");
        String id = only(before, "www").id();
        assertThat(errors(plan(
                        Optional.of(before),
                        new ReplaceRecord(id, RecordDraft.of("www", "CNAME", "a.example.net")),
                        create("www A 192.0.2.1"))))
                .extracting(e -> e.error().kind())
                .containsExactly(Kind.ADDRESS_OR_CNAME_CLASH, Kind.IDENTICAL_RECORD);
    }

    @Test
    void a_deleted_zone_takes_all_its_names_with_it() {
        Plan.Planned plan = planned(plan(Optional.of(zone("www A 192.0.2.1 | ftp A 192.0.2.1")), new DeleteZone()));
        assertThat(plan.after()).isEmpty();
        assertThat(plan.names()).hasSize(2);
    }

    @Test
    void a_zone_deleted_and_made_again_in_one_change_set_is_a_new_zone_with_a_higher_version() {
        ZoneState before = zone("www A 192.0.2.1 | ftp A 192.0.2.1");
        Plan.Planned plan = planned(plan(
                Optional.of(before),
                new DeleteZone(),
                new CreateZone(ZoneType.FULL, List.of()),
                create("ftp A 192.0.2.7")));
        ZoneState after = plan.after().orElseThrow();
        assertThat(after.zone().id()).isNotEqualTo(before.zone().id());
        assertThat(after.zone().version()).isEqualTo(2);
        assertThat(after.recordCount()).isEqualTo(1);
        assertThat(plan.names()).hasSize(2);
    }

    @Test
    void a_zone_can_be_paused_and_activated() {
        ZoneState after = planned(plan(
                        Optional.of(zone("")),
                        new ChangeZone(Optional.of(ZoneStatus.PENDING), Optional.of(true), Optional.empty())))
                .after()
                .orElseThrow();
        assertThat(after.zone().paused()).isTrue();
        assertThat(after.zone().isProxying()).isFalse();
    }

    @Test
    void a_zone_of_another_type_waits_for_its_check_again_unless_nobody_checks_it() {
        var checked = new ChangePlanner(new ZoneRules(Set.of(), RULES.nameServers(), false, 30, 86400));
        Edit partial = new ChangeZone(Optional.empty(), Optional.empty(), Optional.of(ZoneType.PARTIAL));
        Edit full = new ChangeZone(Optional.empty(), Optional.empty(), Optional.of(ZoneType.FULL));
        ZoneState active = zone("");
        assertThat(statusAfter(checked, active, full)).isEqualTo(ZoneStatus.ACTIVE);
        assertThat(statusAfter(checked, active, partial)).isEqualTo(ZoneStatus.PENDING);
        assertThat(statusAfter(planner, active, partial)).isEqualTo(ZoneStatus.ACTIVE);

        List<Edit> exempt = new ArrayList<>(Exemption.edits(true));
        exempt.add(partial);
        assertThat(statusAfter(checked, active, exempt.toArray(Edit[]::new))).isEqualTo(ZoneStatus.ACTIVE);
        Edit byHand = new ChangeZone(Optional.of(ZoneStatus.ACTIVE), Optional.empty(), Optional.of(ZoneType.PARTIAL));
        assertThat(statusAfter(checked, active, byHand)).isEqualTo(ZoneStatus.ACTIVE);

        DomainName lan = DomainName.of("corp.internal");
        var context = new ChangePlanner.Context(NOW, new Stamp(1, 0, "n1"), () -> "0".repeat(32));
        Plan made =
                checked.plan(Optional.empty(), ChangeSet.of(lan, new CreateZone(ZoneType.PARTIAL, List.of())), context);
        ZoneState waiting = planned(made).after().orElseThrow();
        assertThat(waiting.zone().status()).isEqualTo(ZoneStatus.PENDING);
        assertThat(planned(checked.plan(Optional.of(waiting), ChangeSet.of(lan, full), context))
                        .after()
                        .orElseThrow()
                        .zone()
                        .status())
                .isEqualTo(ZoneStatus.ACTIVE);
    }

    @Test
    void a_zone_takes_the_name_servers_that_the_node_has_now() {
        List<DomainName> others = List.of(DomainName.of("ns1.other.test"), DomainName.of("ns2.other.test"));
        var renamed = new ChangePlanner(new ZoneRules(Set.of(), others, true, 30, 86400));
        ZoneState before = zone("");
        ZoneState after = planned(plan(renamed, Optional.of(before), new Edit.TakeNameServers()))
                .after()
                .orElseThrow();
        assertThat(after.zone().nameServers()).isEqualTo(others);
        assertThat(after.zone().serial()).isGreaterThan(before.zone().serial());
        assertThat(errors(plan(Optional.empty(), new Edit.TakeNameServers())))
                .extracting(e -> e.error().kind())
                .containsExactly(Kind.NO_SUCH_ZONE);
    }

    private ZoneStatus statusAfter(ChangePlanner by, ZoneState before, Edit... edits) {
        return planned(plan(by, Optional.of(before), edits))
                .after()
                .orElseThrow()
                .zone()
                .status();
    }

    @Test
    void the_text_of_one_name_is_bounded() {
        Edit[] edits = new Edit[5];
        for (int i = 0; i < edits.length; i++) {
            edits[i] = create("www TXT " + i + "x".repeat(2000));
        }
        assertThat(errors(plan(Optional.of(zone("")), edits)))
                .singleElement()
                .satisfies(e -> assertThat(e.edit()).isEqualTo(4));
    }

    @Test
    void names_that_end_up_as_they_were_are_not_among_the_changed() {
        ZoneState before = zone("www A 192.0.2.1");
        Plan.Planned plan = planned(plan(Optional.of(before), create("x A 192.0.2.1")));
        Record made = plan.records().getFirst().orElseThrow();
        Plan.Planned undone = planned(plan(plan.after(), new DeleteRecord(made.id()), create("y A 192.0.2.1")));
        assertThat(undone.names())
                .extracting(DomainName::toString)
                .containsExactlyInAnyOrder("x.example.com", "y.example.com");
        assertThat(undone.after().orElseThrow().names()).hasSize(2);
    }

    @Test
    void a_hundred_thousand_records_are_planned_at_once() {
        Edit[] edits = new Edit[100_000];
        for (int i = 0; i < edits.length; i++) {
            edits[i] = create(
                    (i % 10 < 8 ? "host" + i : "many") + " A 10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }
        ZoneState before = zone("www A 192.0.2.1");
        long start = cpuNanos();
        ZoneState after = planned(plan(Optional.of(before), edits)).after().orElseThrow();
        assertThat(Duration.ofNanos(cpuNanos() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(after.recordCount()).isEqualTo(100_001);
        assertThat(after.record(only(after, "host17").id())).isPresent();
        assertThat(after.names().firstKey()).hasToString("host0.example.com");
    }

    @Test
    void messages_name_the_clash() {
        ZoneState before = zone("www A 192.0.2.1");
        assertThat(errors(plan(Optional.of(before), create("www CNAME a.example.net"))))
                .extracting(EditError::error)
                .extracting(FieldError::sentence)
                .containsExactly(
                        "name 'www.example.com': An A, AAAA, or CNAME record with that host already exists: www.example.com");
    }

    /** Of this thread alone, so that a busy machine does not fail the test. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void what_was_seen_of_the_world_outside_changes_neither_the_serial_nor_the_time_of_change() {
        ZoneState zone = zone("www A 192.0.2.1");
        Edit seen = new Edit.PutDocument("observed/activation", "{}");
        ChangePlanner.Context later = new ChangePlanner.Context(
                NOW.plusSeconds(3600), new Stamp(2, 0, "n1"), () -> String.format("%032x", ids.incrementAndGet()));
        ZoneState after = planned(planner.plan(Optional.of(zone), ChangeSet.of(ZONE, seen), later))
                .after()
                .orElseThrow();
        assertThat(after.zone().version()).isEqualTo(zone.zone().version() + 1);
        assertThat(after.zone().serial()).isEqualTo(zone.zone().serial());
        assertThat(after.zone().modifiedOn()).isEqualTo(NOW);
        assertThat(after.document("observed/activation")).isPresent();
        for (Edit beside : List.of(
                new Edit.PutDocument("activation", "{}"),
                new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty()),
                create("new A 192.0.2.2"))) {
            ZoneState changed = planned(planner.plan(Optional.of(zone), ChangeSet.of(ZONE, seen, beside), later))
                    .after()
                    .orElseThrow();
            assertThat(changed.zone().serial()).isGreaterThan(zone.zone().serial());
            assertThat(changed.zone().modifiedOn()).isEqualTo(NOW.plusSeconds(3600));
        }
    }

    @Test
    void no_zone_is_made_where_the_edge_answers_for_partial_zones() {
        ChangePlanner withSuffix = new ChangePlanner(
                new ZoneRules(Set.of(), RULES.nameServers(), true, 30, 86400, Optional.of(DomainName.of("com"))));
        Edit add = new CreateZone(ZoneType.FULL, List.of());
        assertThat(errors(plan(withSuffix, Optional.empty(), add)))
                .singleElement()
                .satisfies(error -> assertThat(error.error().sentence()).contains("zones.partial-suffix"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x.test", "x-.test", "a.-b.test", "x.test-"})
    void a_zone_whose_name_has_a_hyphen_at_a_labels_edge_is_refused(String zone) {
        var context = new ChangePlanner.Context(NOW, new Stamp(1, 0, "n1"), () -> "1");
        Plan plan = planner.plan(
                Optional.empty(),
                ChangeSet.of(DomainName.of(zone), new Edit.CreateZone(ZoneType.FULL, List.of())),
                context);
        assertThat(errors(plan))
                .singleElement()
                .satisfies(error -> assertThat(error.error().sentence()).contains("begins or ends with a hyphen"));
    }
}
