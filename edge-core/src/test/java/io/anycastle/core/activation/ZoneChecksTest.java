package io.anycastle.core.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.resolve.DnsClient;
import io.anycastle.core.resolve.NameServer;
import io.anycastle.core.resolve.RecursiveServers;
import io.anycastle.core.resolve.ResolveConfig;
import io.anycastle.core.resolve.ResolveCounters;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.store.StoreConfig;
import io.anycastle.core.store.Trio;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Exemption;
import io.anycastle.core.store.change.ZoneRules;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks of zones in a real store, against a name server on loopback that stands for public DNS. */
final class ZoneChecksTest {
    private static final List<DomainName> SERVERS =
            List.of(DomainName.of("ns1.edge.example"), DomainName.of("ns2.edge.example"));
    private static final CheckSchedule SCHEDULE = CheckSchedule.DEFAULTS;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());
    private final CheckCounters counters = new CheckCounters();

    /** Whether who does not answer is given up soon. */
    private volatile boolean isHurried;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NameServer world;

    @BeforeEach
    void start() throws Exception {
        world = new NameServer();
        open.add(world);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private ClusteredStore store(OptionalInt quorum) {
        StoreConfig defaults = StoreConfig.defaults(folder);
        StoreConfig.Replicating replication = defaults.replication();
        StoreConfig config = new StoreConfig(
                folder,
                Optional.empty(),
                "checks-" + folder.getFileName(),
                InetAddress.getLoopbackAddress(),
                0,
                List.of(),
                0,
                OptionalInt.empty(),
                defaults.writeTimeout(),
                defaults.heartbeatTimeout(),
                defaults.logBytesMax(),
                defaults.entryBytesMax(),
                defaults.tombstoneLifetime(),
                defaults.clockDriftMax(),
                defaults.attemptsMax(),
                Duration.ofMillis(50),
                Optional.empty(),
                replication.with(quorum));
        ZoneRules rules = new ZoneRules(Set.of(), SERVERS, false, 30, 86_400);
        ClusteredStore store = ClusteredStore.open(config, rules, InstantSource.system());
        open.add(store);
        await("the store is joined", store::isLeading);
        return store;
    }

    private ZoneChecks checks(ClusteredStore store, CheckSchedule schedule, int zonesMax) {
        DnsClient patient = servers(Duration.ofSeconds(60));
        DnsClient hurried = servers(Duration.ofMillis(300));
        CheckRules rules = new CheckRules(true, schedule, List.of("cloudflare-verify", "proof"), Optional.empty());
        ZoneChecks.Limits limits = new ZoneChecks.Limits(zonesMax, Duration.ofSeconds(60));
        DnsClient dnsClient = (name, type) -> (isHurried ? hurried : patient).ask(name, type);
        ZoneChecks checks = ZoneChecks.start(new ZoneChecks.Parts(store, dnsClient, clock, counters), rules, limits);
        open.add(checks);
        return checks;
    }

    private DnsClient servers(Duration timeout) {
        ResolveConfig config = ResolveConfig.DEFAULTS
                .withServers(List.of(world.address()))
                .withTimeout(timeout)
                .withDeadline(timeout);
        return new RecursiveServers(config, new ResolveCounters());
    }

    private static void add(ClusteredStore store, String name, ZoneType type) {
        ChangeOutcome outcome = store.apply(ChangeSet.of(DomainName.of(name), new Edit.CreateZone(type, List.of())));
        assertThat(outcome).isInstanceOf(ChangeOutcome.Applied.class);
    }

    private static ZoneState zone(ClusteredStore store, String name) {
        return store.view().get().zone(DomainName.of(name)).orElseThrow();
    }

    private void delegatedTo(String zone, String... servers) {
        String[] lines = new String[servers.length];
        for (int i = 0; i < servers.length; i++) {
            lines[i] = zone + " 300 NS " + servers[i] + ".";
        }
        world.answers(zone, "NS", lines);
    }

    private void pass(Duration time) {
        ahead.updateAndGet(before -> before.plus(time));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting: %s", what).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private long count(String counter) {
        return counters.all().getOrDefault(counter, -1L);
    }

    private static Optional<CheckVerdict> lastVerdict(CheckRules rules, ZoneState zone) {
        return rules.history(zone).last().map(CheckHistory.Seen::verdict);
    }

    @Test
    void a_zone_is_pending_until_its_delegation_is_ours_and_the_checks_leave_its_serial_alone() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.FULL);
        ZoneChecks checks = checks(store, SCHEDULE, 4);
        delegatedTo("example.com", "a.old.example", "NS1.edge.example");
        int serial = zone(store, "example.com").zone().serial();
        await("the zone is on the list", () -> checks.waiting() == 1);
        assertThat(world.questions()).isZero();

        pass(Duration.ofSeconds(61));
        await(
                "the first check",
                () -> checks.rules().history(zone(store, "example.com")).checks() == 1);
        ZoneState pending = zone(store, "example.com");
        assertThat(pending.zone().status()).isEqualTo(ZoneStatus.PENDING);
        assertThat(pending.zone().serial()).isEqualTo(serial);
        assertThat(checks.rules().history(pending).last().orElseThrow().values())
                .containsExactly("ns1.edge.example", "a.old.example");

        delegatedTo("example.com", "ns2.edge.example", "ns1.edge.example");
        pass(Duration.ofMinutes(3));
        await("the zone is active", () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);
        assertThat(zone(store, "example.com").zone().activatedOn()).isPresent();
        await("it is counted", () -> count("activated") == 1L);
        assertThat(counters.all()).containsEntry("checks.ours", 1L).containsEntry("checks.partly", 1L);
    }

    @Test
    void an_active_zone_is_looked_at_on_and_on_and_moves_when_its_delegation_has_gone_for_good() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.FULL);
        delegatedTo("example.com", "ns1.edge.example", "ns2.edge.example");
        ZoneChecks checks = checks(store, SCHEDULE, 4);
        pass(Duration.ofSeconds(61));
        await("the zone is active", () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);

        world.silence();
        isHurried = true;
        pass(SCHEDULE.interval().plusHours(1));
        await(
                "nobody answers",
                () -> lastVerdict(checks.rules(), zone(store, "example.com"))
                        .equals(Optional.of(CheckVerdict.UNKNOWN)));
        isHurried = false;
        world.speak();
        delegatedTo("example.com", "a.other.example");
        for (int failure = 1; failure < SCHEDULE.failuresMax(); failure++) {
            int failures = failure;
            pass(SCHEDULE.retry().plusMinutes(4));
            await(
                    "the next failure",
                    () -> checks.rules().history(zone(store, "example.com")).failures() == failures);
            assertThat(zone(store, "example.com").zone().status()).isEqualTo(ZoneStatus.ACTIVE);
        }
        pass(SCHEDULE.retry().plusMinutes(4));
        await("the zone has moved", () -> zone(store, "example.com").zone().status() == ZoneStatus.MOVED);

        delegatedTo("example.com", "ns1.edge.example", "ns2.edge.example");
        pass(Duration.ofMinutes(2));
        await("it is back", () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);
        await("it is counted", () -> count("activated") == 2L);
        assertThat(counters.all()).containsEntry("moved", 1L);
    }

    @Test
    void a_partial_zone_is_active_while_its_txt_record_stands_under_either_label() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.PARTIAL);
        ZoneChecks checks = checks(store, SCHEDULE, 4);
        Expectation.Text expected = (Expectation.Text) checks.rules().expectation(zone(store, "example.com"));
        String value = expected.verification().value();
        String half = value.substring(0, 7);
        world.answers("cloudflare-verify.example.com", "TXT", "cloudflare-verify.example.com 60 TXT \"1-2\"");
        pass(Duration.ofSeconds(61));
        await(
                "the first check",
                () -> checks.rules().history(zone(store, "example.com")).checks() == 1);
        assertThat(zone(store, "example.com").zone().status()).isEqualTo(ZoneStatus.PENDING);

        world.answers(
                "proof.example.com",
                "TXT",
                "proof.example.com 60 TXT \"v=spf1 -all\"",
                "proof.example.com 60 TXT \"" + half + "\" \"" + value.substring(7) + "\"");
        pass(Duration.ofMinutes(3));
        await("the zone is active", () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);

        world.answers("proof.example.com", "TXT");
        pass(SCHEDULE.interval().plusHours(1));
        await(
                "the record is missed",
                () -> checks.rules().history(zone(store, "example.com")).failures() == 1);
        for (int failure = 2; failure <= SCHEDULE.failuresMax(); failure++) {
            int failures = failure % SCHEDULE.failuresMax();
            pass(SCHEDULE.retry().plusMinutes(4));
            await(
                    "the next failure",
                    () -> checks.rules().history(zone(store, "example.com")).failures() == failures);
        }
        assertThat(zone(store, "example.com").zone().status()).isEqualTo(ZoneStatus.MOVED);
    }

    @Test
    void a_zone_that_becomes_partial_is_pending_until_its_txt_record_stands_and_moves_when_that_has_gone() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.FULL);
        delegatedTo("example.com", "ns1.edge.example", "ns2.edge.example");
        ZoneChecks checks = checks(store, SCHEDULE, 4);
        pass(Duration.ofSeconds(61));
        await("the zone is active", () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);
        Edit partial = new Edit.ChangeZone(Optional.empty(), Optional.empty(), Optional.of(ZoneType.PARTIAL));
        store.apply(ChangeSet.of(
                DomainName.of("example.com"), partial, checks.rules().retyped(ZoneType.PARTIAL, clock.instant())));
        assertThat(zone(store, "example.com").zone().status()).isEqualTo(ZoneStatus.PENDING);

        Expectation.Text expected = (Expectation.Text) checks.rules().expectation(zone(store, "example.com"));
        world.answers(
                "proof.example.com",
                "TXT",
                "proof.example.com 60 TXT \"" + expected.verification().value() + "\"");
        pass(Duration.ofSeconds(61));
        await(
                "the zone is active again",
                () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);

        world.answers("proof.example.com", "TXT");
        pass(SCHEDULE.interval().plusHours(1));
        for (int failure = 1; failure < SCHEDULE.failuresMax(); failure++) {
            int failures = failure;
            await(
                    "the next failure",
                    () -> checks.rules().history(zone(store, "example.com")).failures() == failures);
            pass(SCHEDULE.retry().plusMinutes(4));
        }
        await("the zone has moved", () -> zone(store, "example.com").zone().status() == ZoneStatus.MOVED);
    }

    @Test
    void a_check_that_is_asked_for_runs_at_once_and_an_exempt_zone_is_never_asked_about() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.FULL);
        add(store, "private.example", ZoneType.FULL);
        store.apply(new ChangeSet(DomainName.of("private.example"), OptionalLong.empty(), Exemption.edits(true)));
        delegatedTo("example.com", "ns1.edge.example", "ns2.edge.example");
        ZoneChecks checks = checks(store, SCHEDULE, 4);
        await("the zone is on the list", () -> checks.waiting() == 1);
        Edit asked = checks.rules()
                .asked(zone(store, "example.com"), clock.instant())
                .orElseThrow();
        store.apply(ChangeSet.of(DomainName.of("example.com"), asked));
        await("the zone is active", () -> zone(store, "example.com").zone().status() == ZoneStatus.ACTIVE);
        assertThat(world.questions()).isEqualTo(1);

        store.apply(new ChangeSet(DomainName.of("private.example"), OptionalLong.empty(), Exemption.edits(false)));
        await("both zones are on the list", () -> checks.waiting() == 2);
    }

    @Test
    void many_zones_that_are_due_at_once_are_checked_a_few_at_a_time() {
        ClusteredStore store = store(OptionalInt.empty());
        for (int i = 0; i < 40; i++) {
            add(store, "zone" + i + ".example", ZoneType.FULL);
        }
        world.silence();
        ZoneChecks checks = checks(store, SCHEDULE, 3);
        pass(Duration.ofSeconds(61));
        for (int asked = 3; asked <= 9; asked += 3) {
            int all = asked;
            await("three more are asked about", () -> world.questions() == all);
            assertThat(checks.running()).isEqualTo(3);
            world.answerKept();
        }
        await("the next three are", () -> world.questions() == 12);
        world.speak();
        await(
                "all were checked",
                () -> store.view().get().zones().values().stream()
                        .allMatch(zone -> checks.rules().history(zone).checks() == 1));
    }

    @Test
    void a_zone_whose_time_is_up_is_deleted_where_the_operator_wants_that() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.FULL);
        CheckSchedule deleting = new CheckSchedule(
                SCHEDULE.first(),
                SCHEDULE.gapMax(),
                SCHEDULE.interval(),
                SCHEDULE.retry(),
                SCHEDULE.failuresMax(),
                SCHEDULE.again(),
                Optional.of(Duration.ofDays(28)),
                Optional.empty());
        ZoneChecks checks = checks(store, deleting, 4);
        pass(Duration.ofDays(27));
        await(
                "a check",
                () -> checks.rules().history(zone(store, "example.com")).checks() == 1);
        pass(Duration.ofDays(1));
        await(
                "the check after the time is up",
                () -> checks.rules().history(zone(store, "example.com")).checks() == 2);
        pass(SCHEDULE.gapMax().plusHours(1));
        await("the zone is gone", () -> store.view().get().zones().isEmpty());
        await("it is counted", () -> count("deleted") == 1L);
    }

    private static CheckSchedule askedAgainAfter(Duration again) {
        return new CheckSchedule(
                SCHEDULE.first(),
                SCHEDULE.gapMax(),
                SCHEDULE.interval(),
                SCHEDULE.retry(),
                SCHEDULE.failuresMax(),
                again,
                SCHEDULE.pendingLife(),
                SCHEDULE.movedLife());
    }

    @Test
    void a_clock_that_ran_ahead_and_is_set_right_does_not_freeze_the_checks() {
        ClusteredStore store = store(OptionalInt.empty());
        add(store, "example.com", ZoneType.FULL);
        delegatedTo("example.com", "a.old.example");
        ZoneChecks checks = checks(store, SCHEDULE, 4);
        pass(Duration.ofDays(365));
        await(
                "the check of another year",
                () -> checks.rules().history(zone(store, "example.com")).checks() == 1);
        ahead.set(Duration.ZERO);
        await(
                "the check of this year",
                () -> checks.rules().history(zone(store, "example.com")).checks() == 2);
        assertThat(checks.rules().history(zone(store, "example.com")).nextOn())
                .isBefore(Instant.now().plus(SCHEDULE.gapMax()));
    }

    @Test
    void a_zone_whose_outcome_could_not_be_written_is_checked_again_within_its_own_gap() {
        ClusteredStore alone = store(OptionalInt.empty());
        add(alone, "example.com", ZoneType.FULL);
        alone.close();
        ClusteredStore store = store(OptionalInt.of(2));
        delegatedTo("example.com", "ns1.edge.example", "ns2.edge.example");
        ZoneChecks checks = checks(store, askedAgainAfter(Duration.ofHours(1)), 4);
        pass(Duration.ofSeconds(61));
        await("the first outcome is lost", () -> count("unwritten_checks") == 1L && checks.running() == 0);
        pass(SCHEDULE.gap(1));
        await("the second outcome is lost", () -> count("unwritten_checks") == 2L);
        assertThat(world.questions()).isEqualTo(2);
        assertThat(zone(store, "example.com").zone().status()).isEqualTo(ZoneStatus.PENDING);
    }

    @Test
    void a_check_that_is_asked_for_is_made_although_the_last_outcome_could_not_be_written() {
        Trio pair = Trio.prepare(folder, 2, Trio.quick(OptionalInt.of(2)));
        open.add(pair);
        ClusteredStore store = pair.open(0);
        pair.open(1);
        pair.awaitMembers(2);
        add(store, "example.com", ZoneType.FULL);
        delegatedTo("example.com", "ns1.edge.test");
        ZoneChecks checks = checks(store, askedAgainAfter(Duration.ofHours(1)), 4);
        await("the zone is on the list", () -> checks.waiting() == 1);
        pair.close(1);
        pair.awaitMembers(1);
        pass(Duration.ofSeconds(61));
        await("the outcome is lost", () -> count("unwritten_checks") == 1L && checks.running() == 0);

        pair.open(1);
        pair.awaitMembers(2);
        Edit asked = checks.rules()
                .asked(zone(store, "example.com"), clock.instant())
                .orElseThrow();
        assertThat(store.apply(ChangeSet.of(DomainName.of("example.com"), asked)))
                .isInstanceOf(ChangeOutcome.Applied.class);
        await(
                "the check",
                () -> lastVerdict(checks.rules(), zone(store, "example.com")).equals(Optional.of(CheckVerdict.OURS)));
    }

    @Test
    void a_check_that_is_asked_for_during_another_is_made_although_the_outcome_of_that_could_not_be_written() {
        Trio pair = Trio.prepare(folder, 2, Trio.quick(OptionalInt.of(2)));
        open.add(pair);
        ClusteredStore store = pair.open(0);
        await("it leads", store::isLeading);
        pair.open(1);
        pair.awaitMembers(2);
        add(store, "example.com", ZoneType.FULL);
        ZoneChecks checks = checks(store, askedAgainAfter(Duration.ofHours(1)), 4);
        await("the zone is on the list", () -> checks.waiting() == 1);
        world.silence();
        pass(Duration.ofSeconds(61));
        await("the check is under way", () -> world.questions() == 1);

        Edit asked = checks.rules()
                .asked(zone(store, "example.com"), clock.instant())
                .orElseThrow();
        assertThat(store.apply(ChangeSet.of(DomainName.of("example.com"), asked)))
                .isInstanceOf(ChangeOutcome.Applied.class);
        pair.close(1);
        pair.awaitMembers(1);
        world.answerKept();
        await("the outcome is lost", () -> count("unwritten_checks") == 1L);
        await("the check that was asked for", () -> world.questions() == 2);
        world.speak();
    }
}
