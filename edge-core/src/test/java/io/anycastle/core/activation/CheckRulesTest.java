package io.anycastle.core.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.activation.CheckRules.Decision;
import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.Edit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from an answer of public DNS: time, zone, history and answer in, decision out. */
final class CheckRulesTest {
    private static final Instant MADE = Instant.parse("2026-03-01T12:00:00Z");
    private static final DomainName NAME = DomainName.of("example.com");
    private static final List<DomainName> SERVERS =
            List.of(DomainName.of("ns1.edge.example"), DomainName.of("ns2.edge.example"));
    private static final CheckRules RULES = rules(CheckSchedule.DEFAULTS);

    private static final Finding OURS = found("ns1.edge.example", "ns2.edge.example");
    private static final Finding FOREIGN = found("a.old.example", "b.old.example");
    private static final Finding SILENCE = new Finding.NoAnswer("10.0.0.1 does not answer");

    private static CheckRules rules(CheckSchedule schedule) {
        return new CheckRules(true, schedule, List.of("cloudflare-verify", "proof"), Optional.empty());
    }

    private static Finding found(String... values) {
        return new Finding.Found(List.of(values));
    }

    private static ZoneState zone(ZoneStatus status) {
        return zone(NAME, ZoneType.FULL, status);
    }

    private static ZoneState zone(DomainName name, ZoneType type, ZoneStatus status) {
        return ZoneState.empty(new Zone(
                "0123456789abcdef0123456789abcdef",
                name,
                type,
                status,
                false,
                1,
                1,
                SERVERS,
                MADE,
                MADE,
                Optional.empty()));
    }

    /** The zone as the decision leaves it. */
    private static ZoneState after(ZoneState before, Decision decision) {
        Zone old = before.zone();
        Zone next = new Zone(
                old.id(),
                old.name(),
                old.type(),
                decision.status().orElse(old.status()),
                false,
                old.version() + 1,
                old.serial(),
                old.nameServers(),
                old.createdOn(),
                old.modifiedOn(),
                Optional.empty());
        Document history = new Document(
                CheckHistory.KEY,
                new Stamp(1, 0, "node"),
                Optional.of(decision.history().json()));
        return before.withZone(next).with(history);
    }

    private static Duration until(Decision decision, Instant now) {
        return Duration.between(now, decision.history().nextOn());
    }

    @Test
    void the_first_check_is_due_a_minute_after_the_zone_was_made_and_the_gaps_grow_until_they_are_two_hours() {
        ZoneState zone = zone(ZoneStatus.PENDING);
        assertThat(RULES.history(zone).nextOn()).isEqualTo(MADE.plusSeconds(60));
        Instant now = MADE.plusSeconds(60);
        List<Long> minutes = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Decision decision = RULES.decide(zone, FOREIGN, now);
            assertThat(decision.status()).isEmpty();
            minutes.add(Math.round(until(decision, now).toSeconds() / 60.0));
            now = decision.history().nextOn();
            zone = after(zone, decision);
        }
        List<Long> planned = List.of(2L, 4L, 8L, 16L, 32L, 64L, 120L, 120L, 120L);
        for (int i = 0; i < 9; i++) {
            assertThat(minutes.get(i))
                    .isBetween((long) (planned.get(i) * 0.89), (long) Math.ceil(planned.get(i) * 1.11));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, ns1.edge.example ns2.edge.example, false, ACTIVE, OURS",
        "PENDING, ns1.edge.example, false, , PARTLY",
        "PENDING, ns1.edge.example ns2.edge.example ns.old.example, false, , PARTLY",
        "PENDING, ns1.edge.example ns2.edge.example ns.other.example, true, ACTIVE, OURS",
        "PENDING, ns1.edge.example ns.other.example, true, , PARTLY",
        "PENDING, a.old.example b.old.example, true, , ELSEWHERE",
        "MOVED, ns1.edge.example ns2.edge.example, false, ACTIVE, OURS",
        "MOVED, ns1.edge.example, false, , PARTLY",
        "MOVED, a.old.example, false, , ELSEWHERE",
        "ACTIVE, ns1.edge.example ns2.edge.example, false, , OURS",
        "ACTIVE, ns1.edge.example ns.old.example, false, , PARTLY",
        "ACTIVE, a.old.example, false, , ELSEWHERE"
    })
    void a_zone_becomes_active_when_its_servers_are_ours_and_only_ours_unless_others_may_stand_beside(
            ZoneStatus status, String servers, boolean others, ZoneStatus next, CheckVerdict verdict) {
        Document settings = new Document(
                DnsSettings.KEY, new Stamp(1, 0, "node"), Optional.of("{\"multi_provider\":" + others + "}"));
        Decision decision = RULES.decide(zone(status).with(settings), found(servers.split(" ")), MADE);
        assertThat(decision.status()).isEqualTo(Optional.ofNullable(next));
        assertThat(decision.history().last().orElseThrow().verdict()).isEqualTo(verdict);
    }

    @Test
    void an_active_zone_is_moved_only_after_five_answers_in_a_row_that_have_nothing_of_ours() {
        ZoneState zone = after(zone(ZoneStatus.PENDING), RULES.decide(zone(ZoneStatus.PENDING), OURS, MADE));
        Instant now = MADE;
        List<Finding> answers = List.of(
                FOREIGN,
                FOREIGN,
                FOREIGN,
                FOREIGN,
                found("ns1.edge.example", "a.old.example"),
                FOREIGN,
                FOREIGN,
                SILENCE,
                new Finding.Nothing("gone"),
                FOREIGN);
        for (Finding answer : answers) {
            now = now.plusSeconds(1800);
            Decision decision = RULES.decide(zone, answer, now);
            assertThat(decision.status()).isEmpty();
            zone = after(zone, decision);
        }
        Decision fifth = RULES.decide(zone, FOREIGN, now.plusSeconds(1));
        assertThat(fifth.status()).contains(ZoneStatus.MOVED);
        assertThat(fifth.history().movedOn()).contains(now.plusSeconds(1));
    }

    @Test
    void an_active_zone_that_no_answer_ever_pointed_here_is_not_lost_by_answers() {
        ZoneState zone = zone(ZoneStatus.ACTIVE);
        for (int i = 0; i < 20; i++) {
            Decision decision = RULES.decide(zone, FOREIGN, MADE);
            assertThat(decision.status()).isEmpty();
            zone = after(zone, decision);
        }
        assertThat(RULES.history(zone).failures()).isEqualTo(20);
    }

    @Test
    void silence_changes_no_status_and_deletes_nothing() {
        CheckRules deleting = rules(lives(Duration.ofDays(28), Duration.ofDays(7)));
        Instant late = MADE.plus(Duration.ofDays(400));
        for (ZoneStatus status : ZoneStatus.values()) {
            Decision decision = deleting.decide(zone(status), SILENCE, late);
            assertThat(decision.status()).isEmpty();
            assertThat(decision.isDeleted()).isFalse();
            assertThat(decision.history().last().orElseThrow().finding()).isEqualTo(SILENCE);
        }
    }

    @Test
    void zones_are_deleted_only_where_the_operator_has_said_after_how_long() {
        Instant late = MADE.plus(Duration.ofDays(400));
        assertThat(RULES.decide(zone(ZoneStatus.PENDING), FOREIGN, late).isDeleted())
                .isFalse();
        CheckRules deleting = rules(lives(Duration.ofDays(28), Duration.ofDays(7)));
        Instant day28 = MADE.plus(Duration.ofDays(28));
        ZoneState pending = zone(ZoneStatus.PENDING);
        assertThat(deleting.decide(pending, FOREIGN, late).isDeleted()).isFalse();
        Decision before = deleting.decide(pending, FOREIGN, day28.minusSeconds(1));
        assertThat(before.isDeleted()).isFalse();
        pending = after(pending, before);
        assertThat(deleting.decide(pending, FOREIGN, late).isDeleted()).isFalse();
        assertThat(deleting.decide(pending, FOREIGN, day28).isDeleted()).isTrue();
        assertThat(deleting.decide(pending, OURS, day28).isDeleted()).isFalse();
        assertThat(deleting.decide(zone(ZoneStatus.ACTIVE), FOREIGN, late).isDeleted())
                .isFalse();

        ZoneState moved = zone(ZoneStatus.MOVED);
        Decision seen = deleting.decide(moved, FOREIGN, late);
        assertThat(seen.isDeleted()).isFalse();
        ZoneState later = after(moved, seen);
        Decision almost =
                deleting.decide(later, FOREIGN, late.plus(Duration.ofDays(7)).minusSeconds(1));
        assertThat(almost.isDeleted()).isFalse();
        later = after(later, almost);
        assertThat(deleting.decide(later, FOREIGN, late.plus(Duration.ofDays(7)))
                        .isDeleted())
                .isTrue();
    }

    private static CheckSchedule lives(Duration pending, Duration moved) {
        CheckSchedule d = CheckSchedule.DEFAULTS;
        return new CheckSchedule(
                d.first(),
                d.gapMax(),
                d.interval(),
                d.retry(),
                d.failuresMax(),
                d.again(),
                Optional.of(pending),
                Optional.of(moved));
    }

    @Test
    void a_partial_zone_is_active_while_its_txt_record_has_its_value() {
        ZoneState zone = zone(NAME, ZoneType.PARTIAL, ZoneStatus.PENDING);
        Expectation.Text expected = (Expectation.Text) RULES.expectation(zone);
        String value = expected.verification().value();
        assertThat(value).matches("\\d{9,10}-\\d{9,10}");
        assertThat(expected.verification().names())
                .containsExactly(DomainName.of("cloudflare-verify.example.com"), DomainName.of("proof.example.com"));
        assertThat(RULES.decide(zone, found("1-2"), MADE).status()).isEmpty();
        Decision found = RULES.decide(zone, found("other text", value), MADE);
        assertThat(found.status()).contains(ZoneStatus.ACTIVE);
        ZoneState active = after(zone, found);
        for (int i = 1; i < CheckSchedule.DEFAULTS.failuresMax(); i++) {
            Decision gone = RULES.decide(active, new Finding.Nothing("gone"), MADE);
            assertThat(gone.status()).isEmpty();
            active = after(active, gone);
        }
        assertThat(RULES.decide(active, new Finding.Nothing("gone"), MADE).status())
                .contains(ZoneStatus.MOVED);
    }

    @Test
    void the_value_belongs_to_the_zone_and_another_id_has_another() {
        String value =
                Verification.of(zone(ZoneStatus.PENDING).zone(), List.of()).value();
        assertThat(Verification.of(zone(ZoneStatus.ACTIVE).zone(), List.of()).value())
                .isEqualTo(value);
        Zone other = zone(ZoneStatus.PENDING).zone();
        Zone again = new Zone(
                "f123456789abcdef0123456789abcdef",
                other.name(),
                other.type(),
                other.status(),
                false,
                1,
                1,
                SERVERS,
                MADE,
                MADE,
                Optional.empty());
        assertThat(Verification.of(again, List.of()).value()).isNotEqualTo(value);
    }

    @Test
    void a_zone_that_changes_its_type_is_checked_anew_and_is_not_lost_before_it_was_seen_in_the_new_way() {
        ZoneState full = after(zone(ZoneStatus.PENDING), RULES.decide(zone(ZoneStatus.PENDING), OURS, MADE));
        ZoneState partial =
                full.withZone(zone(NAME, ZoneType.PARTIAL, ZoneStatus.ACTIVE).zone());
        CheckHistory history = RULES.history(partial);
        assertThat(history.last()).isEmpty();
        assertThat(history.confirmedOn()).isEmpty();
        ZoneState edited = partial.withZone(partial.zone().at(9, 9, MADE.plus(Duration.ofDays(1))));
        assertThat(RULES.history(edited).nextOn()).isEqualTo(history.nextOn()).isEqualTo(MADE.plusSeconds(60));

        Instant later = MADE.plus(Duration.ofDays(40));
        Edit.PutDocument retyped = (Edit.PutDocument) RULES.retyped(ZoneType.PARTIAL, later);
        ZoneState begun =
                edited.with(new Document(retyped.key(), new Stamp(2, 0, "node"), Optional.of(retyped.json())));
        assertThat(RULES.history(begun).nextOn()).isEqualTo(later.plusSeconds(60));
    }

    @Test
    void a_zone_that_is_pending_since_its_type_was_changed_is_not_deleted_for_the_time_before() {
        CheckRules deleting = rules(lives(Duration.ofDays(28), Duration.ofDays(7)));
        Instant changed = MADE.plus(Duration.ofDays(40));
        ZoneState pending = zone(NAME, ZoneType.PARTIAL, ZoneStatus.PENDING);
        Edit.PutDocument retyped = (Edit.PutDocument) deleting.retyped(ZoneType.PARTIAL, changed);
        ZoneState begun =
                pending.with(new Document(retyped.key(), new Stamp(2, 0, "node"), Optional.of(retyped.json())));
        Instant day28 = changed.plus(Duration.ofDays(28));
        ZoneState checked = after(begun, deleting.decide(begun, found("1-2"), day28.minusSeconds(1)));
        assertThat(checked.zone().status()).isEqualTo(ZoneStatus.PENDING);
        assertThat(deleting.decide(begun, found("1-2"), day28.minusSeconds(1)).isDeleted())
                .isFalse();
        assertThat(deleting.decide(checked, found("1-2"), day28).isDeleted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, FULL, true",
        "corp.internal, FULL, false",
        "4.168.192.in-addr.arpa, FULL, false",
        "corp.internal, PARTIAL, true"
    })
    void what_no_registrar_delegates_is_not_checked(String name, ZoneType type, boolean isChecked) {
        assertThat(RULES.isChecked(zone(DomainName.of(name), type, ZoneStatus.ACTIVE)))
                .isEqualTo(isChecked);
    }

    @Test
    void a_history_that_cannot_be_read_is_none() {
        ZoneState zone = zone(ZoneStatus.PENDING);
        for (String text : List.of("", "{", "[]", "{\"type\":\"full\"}", "{\"type\":\"full\",\"next_on\":\"never\"}")) {
            Document damaged = new Document(CheckHistory.KEY, new Stamp(1, 0, "node"), Optional.of(text));
            assertThat(RULES.history(zone.with(damaged))).isEqualTo(RULES.history(zone));
        }
    }

    @Test
    void a_history_survives_its_stored_form() {
        ZoneState zone = zone(ZoneStatus.ACTIVE);
        for (Finding finding : List.of(OURS, FOREIGN, SILENCE, new Finding.Nothing("no \"such\" name"))) {
            Decision decision = RULES.decide(zone, finding, MADE);
            assertThat(RULES.history(after(zone, decision))).isEqualTo(decision.history());
            assertThat(decision.history().last().orElseThrow().finding()).isEqualTo(finding);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ns1.edge.example ns2.edge.example | ''",
                "ns1.edge.example | at the registrar of example.com add ns2.edge.example",
                "ns1.edge.example ns2.edge.example a.old.example"
                        + " | at the registrar of example.com remove a.old.example",
                "a.old.example | at the registrar of example.com add ns1.edge.example, ns2.edge.example"
                        + " and remove a.old.example"
            })
    void the_advice_says_what_to_change_at_the_registrar(String servers, String advice) {
        Expectation expected = RULES.expectation(zone(ZoneStatus.PENDING));
        assertThat(expected.advice(found(servers.split(" ")))).isEqualTo(advice);
    }

    @Test
    void a_check_that_somebody_asks_for_is_due_at_once_but_not_again_within_five_seconds() {
        ZoneState zone = after(zone(ZoneStatus.PENDING), RULES.decide(zone(ZoneStatus.PENDING), FOREIGN, MADE));
        assertThat(RULES.asked(zone, MADE.plusSeconds(4))).isEmpty();
        assertThat(RULES.asked(zone, MADE.plusSeconds(5))).isPresent();
    }

    @Test
    void a_zone_that_is_due_already_is_due_anew_when_somebody_asks() {
        ZoneState zone = after(zone(ZoneStatus.PENDING), RULES.decide(zone(ZoneStatus.PENDING), FOREIGN, MADE));
        Instant now = MADE.plus(Duration.ofDays(1));
        CheckHistory asked = RULES.history(zone).dueAt(now);
        assertThat(RULES.asked(zone, now)).contains(new Edit.PutDocument(CheckHistory.KEY, asked.json()));
    }

    @Test
    void a_check_by_a_clock_that_ran_ahead_puts_no_other_off() {
        ZoneState zone = zone(ZoneStatus.PENDING);
        Instant ahead = MADE.plus(Duration.ofDays(365));
        ZoneState checked = after(zone, RULES.decide(zone, FOREIGN, ahead));
        Instant due = RULES.history(checked).nextOn();
        assertThat(RULES.dueOn(checked, ahead)).isEqualTo(due);
        assertThat(RULES.dueOn(checked, ahead.minusSeconds(5))).isEqualTo(due);
        assertThat(RULES.dueOn(checked, ahead.minusSeconds(6))).isEqualTo(Instant.EPOCH);
        Edit.PutDocument asked =
                (Edit.PutDocument) RULES.asked(checked, MADE.plusSeconds(9)).orElseThrow();
        ZoneState again = checked.with(new Document(asked.key(), new Stamp(2, 0, "node"), Optional.of(asked.json())));
        assertThat(RULES.dueOn(again, MADE.plusSeconds(9))).isEqualTo(MADE.plusSeconds(9));
    }

    @Test
    void a_zone_that_was_made_by_a_clock_that_ran_ahead_is_due_at_once() {
        ZoneState zone = zone(ZoneStatus.PENDING);
        assertThat(RULES.dueOn(zone, MADE.minusSeconds(4))).isEqualTo(MADE.plusSeconds(60));
        assertThat(RULES.dueOn(zone, MADE.minusSeconds(6))).isEqualTo(Instant.EPOCH);
    }

    @Test
    void nothing_is_deleted_by_a_clock_that_is_behind_what_is_known_of_the_zone() {
        CheckRules deleting = rules(lives(Duration.ofDays(28), Duration.ofDays(7)));
        Instant day28 = MADE.plus(Duration.ofDays(28));
        ZoneState pending = zone(ZoneStatus.PENDING);
        ZoneState ahead = after(pending, deleting.decide(pending, SILENCE, day28.plus(Duration.ofDays(300))));
        Decision back = deleting.decide(ahead, FOREIGN, day28);
        assertThat(back.isDeleted()).isFalse();
        ZoneState later = after(ahead, back);
        assertThat(deleting.decide(later, FOREIGN, day28.plusSeconds(7200)).isDeleted())
                .isTrue();
    }

    @Test
    void a_clock_that_is_behind_does_not_tell_when_a_zone_was_moved() {
        CheckRules deleting = rules(lives(Duration.ofDays(28), Duration.ofDays(7)));
        Decision early = deleting.decide(zone(ZoneStatus.MOVED), FOREIGN, MADE.minus(Duration.ofDays(300)));
        assertThat(early.history().movedOn()).isEmpty();
        Decision now = deleting.decide(after(zone(ZoneStatus.MOVED), early), FOREIGN, MADE.plusSeconds(60));
        assertThat(now.isDeleted()).isFalse();
        assertThat(now.history().movedOn()).contains(MADE.plusSeconds(60));
    }

    @Test
    void a_zone_whose_outcome_was_not_written_waits_longer_each_time_and_never_longer_than_its_own_gap() {
        ZoneState pending = zone(ZoneStatus.PENDING);
        assertThat(IntStream.rangeClosed(1, 7)
                        .mapToObj(times -> RULES.heldFor(pending, times).toSeconds()))
                .containsExactly(5L, 10L, 20L, 40L, 80L, 120L, 120L);
        assertThat(RULES.heldFor(zone(ZoneStatus.ACTIVE), 1_000_000)).isEqualTo(CheckSchedule.DEFAULTS.retry());
    }
}
