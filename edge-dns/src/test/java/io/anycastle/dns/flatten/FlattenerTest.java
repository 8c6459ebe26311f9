package io.anycastle.dns.flatten;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.resolve.RecursiveServers;
import io.anycastle.core.resolve.ResolveConfig;
import io.anycastle.core.resolve.ResolveCounters;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.PartialSuffix;
import io.anycastle.dns.ServedZone;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.compile.ExternalTarget;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.wire.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** Names outside our zones, kept learnt from a name server of its own on loopback, which dies and comes back. */
class FlattenerTest {
    private static final String OUTSIDE = """
            www    100 A     203.0.113.5
            www    100 AAAA  2001:db8:5::1
            other  100 A     203.0.113.9
            never    0 A     203.0.113.20
            quick    5 A     203.0.113.22
            fast     0 CNAME www
            alias  100 CNAME www
            back   100 CNAME round.example.com.
            """;

    private static final AnswerConfig ANSWERS = Asking.CONFIG
            .withFlatteningWithinZone(true)
            .withPartialSuffix(
                    new PartialSuffix(DomainName.of("cdn.example.net"), List.of(DomainName.of("ns1.anycast.test"))));

    /** Who answers late is waited for: what is given up is asked about again only when the clock has moved. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @AutoClose
    private final ServedZone outside = new ServedZone();

    private final CurrentView world = outside.view();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<Flattener> flatteners = new ArrayList<>();
    private FlattenConfig config = FlattenConfig.DEFAULTS;
    private DnsService server;
    private InetSocketAddress address;
    private Asking edge;
    private Flattener flattener;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        show(world, ZoneText.active("outside.test", OUTSIDE));
        serve(0);
        startEdge();
    }

    private void serve(int port) throws Exception {
        InetSocketAddress listen = new InetSocketAddress(ServedZone.ANY_PORT.getAddress(), port);
        server = outside.start(DnsConfig.DEFAULTS.withListen(List.of(listen)));
        address = ServedZone.address(server);
    }

    /** At a port that was given back, which a question to somebody else may have for a moment. */
    private void serveAgain(int port) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                serve(port);
                return;
            } catch (ListenException e) {
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(end);
            }
        }
    }

    private void kill() throws Exception {
        ServedZone.await(server.close());
    }

    private void startEdge() {
        ExternalTargets targets = Flattener.targets(config);
        edge = new Asking(ANSWERS, targets, now::get);
        flattener = flattening(edge.view, targets);
    }

    private Flattener flattening(CurrentView view, ExternalTargets targets) {
        ResolveConfig asked = ResolveConfig.DEFAULTS
                .withServers(List.of(address))
                .withTimeout(TIMEOUT)
                .withDeadline(TIMEOUT);
        Flattener started = Flattener.start(
                new Flattener.Dependencies(view, new RecursiveServers(asked, new ResolveCounters()), now::get, ANSWERS),
                config,
                targets);
        flatteners.add(started);
        return started;
    }

    private void startEdge(int lookupsMax, int namesMax) {
        flattener.close();
        config = new FlattenConfig(
                config.ttlMin(),
                config.ttlMax(),
                config.retryMin(),
                config.retryMax(),
                lookupsMax,
                namesMax,
                config.file());
        startEdge();
    }

    @AfterEach
    void stop() throws Exception {
        flatteners.forEach(Flattener::close);
        kill();
    }

    private static void show(CurrentView view, ZoneState zone) {
        view.update(zone, zone.names().keySet());
    }

    private void zone(String lines) {
        show(edge.view, ZoneText.active("example.com", lines));
    }

    private void rename(CurrentView view, String zone, String name, String... lines) {
        DomainName owner = DomainName.of(name);
        NameRecords records = ZoneText.names(
                owner,
                List.of(lines).stream()
                        .map(line -> ZoneText.record(DomainName.of(zone), line))
                        .toList());
        view.update(view.get().zone(DomainName.of(zone)).orElseThrow().with(records), Set.of(owner));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private boolean tells(String name, String part) {
        return edge.told(name, "A").contains(part);
    }

    private long count(String counter) {
        return flattener.counters().all().getOrDefault(counter, -1L);
    }

    @Test
    void the_addresses_of_a_name_outside_are_learnt_as_soon_as_a_flattened_cname_leads_there() {
        zone("@ 300 CNAME alias.outside.test.\nflattened six 300 CNAME www.outside.test.");

        await(() -> tells("example.com.", "example.com. A 203.0.113.5"));
        await(() -> edge.told("six.example.com.", "AAAA").contains("AAAA 2001:db8:5:0:0:0:0:1"));
        assertThat(count("flatten_names")).isEqualTo(2);
    }

    @Test
    void an_apex_whose_cname_leads_over_another_zone_of_ours_to_one_that_others_answer_for_has_its_addresses() {
        show(world, ZoneText.active("del.b.test", "host 100 A 203.0.113.60"));
        show(edge.view, ZoneText.active("b.test", "www 300 CNAME host.del\ndel 300 NS ns.elsewhere.test."));
        show(edge.view, ZoneText.active("a.test", "@ 300 CNAME www.b.test."));

        await(() -> tells("a.test.", "a.test. A 203.0.113.60"));
    }

    @Test
    void an_apex_whose_cname_a_dname_of_ours_leads_out_of_our_zones_has_the_addresses_there() {
        show(edge.view, ZoneText.active("b.test", "moved 300 DNAME outside.test."));
        show(edge.view, ZoneText.active("a.test", "@ 300 CNAME www.moved.b.test."));
        await(() -> tells("a.test.", "a.test. A 203.0.113.5"));

        show(world, ZoneText.active("elsewhere.test", "www 100 A 203.0.113.61"));
        rename(edge.view, "b.test", "moved.b.test", "moved 300 DNAME elsewhere.test.");
        await(() -> tells("a.test.", "a.test. A 203.0.113.61"));
    }

    @Test
    void a_cname_that_is_not_flattened_costs_no_lookup_until_a_flattened_one_leads_over_it() {
        zone("plain 300 CNAME www.outside.test.\nflattened @ 300 CNAME other.outside.test.");
        await(() -> tells("example.com.", "A 203.0.113.9"));
        assertThat(count("flatten_lookups")).isEqualTo(1);

        rename(edge.view, "example.com", "over.example.com", "over 300 CNAME plain");
        await(() -> tells("over.example.com.", "over.example.com. A 203.0.113.5"));
        assertThat(tells("plain.example.com.", "CNAME www.outside.test.")).isTrue();
    }

    @Test
    void a_new_address_is_answered_after_the_ttl_and_nothing_is_asked_before() {
        zone("@ 300 CNAME www.outside.test.");
        await(() -> tells("example.com.", "A 203.0.113.5"));
        rename(world, "outside.test", "www.outside.test", "www 100 A 203.0.113.77");

        now.updateAndGet(t -> t.plusSeconds(79)); // the earliest is four fifths of the TTL
        rename(edge.view, "example.com", "x.example.com", "flattened x 300 CNAME other.outside.test.");
        await(() -> tells("x.example.com.", "A 203.0.113.9"));
        assertThat(tells("example.com.", "A 203.0.113.5")).isTrue();

        now.updateAndGet(t -> t.plusSeconds(17));
        await(() -> tells("example.com.", "A 203.0.113.77"));
        await(() -> edge.told("example.com.", "AAAA").startsWith("NOERROR aa | |"));
    }

    @Test
    void what_was_learnt_last_is_answered_while_the_servers_outside_are_down_and_until_they_are_back()
            throws Exception {
        zone("@ 300 CNAME www.outside.test.");
        await(() -> tells("example.com.", "A 203.0.113.5"));
        int port = address.getPort();
        kill();
        now.updateAndGet(t -> t.plus(Duration.ofDays(1)));
        await(() -> count("flatten_failures") > 0);

        assertThat(edge.ask("example.com.", "A")
                        .getSection(Section.ANSWER)
                        .getFirst()
                        .getTTL())
                .isEqualTo(30);
        assertThat(tells("example.com.", "A 203.0.113.5")).isTrue();

        show(world, ZoneText.active("outside.test", "www 100 A 203.0.113.78"));
        serveAgain(port);
        await(() -> {
            now.updateAndGet(t -> t.plusSeconds(1)); // past whatever pause the failures have earned
            return tells("example.com.", "A 203.0.113.78");
        });
    }

    @Test
    void a_name_that_cannot_be_looked_up_is_told_once_for_both_families_and_with_what_is_answered_meanwhile() {
        ExternalTarget target = Flattener.targets(config).of(DomainName.of("www.outside.test"));
        Set<String> reasons = Set.of("192.0.2.53:53 does not answer");

        assertThat(Flattener.told(target, reasons))
                .isEqualTo("www.outside.test cannot be looked up: 192.0.2.53:53 does not answer;"
                        + " SERVFAIL is answered as long as nothing was learnt");

        target.learn(Wire.TYPE_A, new ExternalTarget.Learnt(null, 0, 0));
        target.learn(Wire.TYPE_AAAA, new ExternalTarget.Learnt(null, 0, 0));

        assertThat(Flattener.told(target, reasons))
                .isEqualTo("www.outside.test cannot be looked up: 192.0.2.53:53 does not answer;"
                        + " what was learnt last stays");
    }

    private long ttl(String name) {
        return edge.ask(name, "A").getSection(Section.ANSWER).getFirst().getTTL();
    }

    @ParameterizedTest
    @CsvSource({"never, 0, 0", "quick, 5, 5", "fast, 0, 0", "www, 100, 30"})
    void a_ttl_is_never_longer_than_that_of_the_target_whether_fresh_or_not(String target, int fresh, int stale)
            throws Exception {
        zone("flattened x 300 CNAME " + target + ".outside.test.");
        await(() -> tells("x.example.com.", "x.example.com. A 203.0.113"));
        assertThat(ttl("x.example.com.")).isEqualTo(fresh);

        kill();
        now.updateAndGet(t -> t.plus(Duration.ofDays(1)));
        await(() -> count("flatten_failures") > 0);
        assertThat(ttl("x.example.com.")).isEqualTo(stale);
    }

    @Test
    void a_cname_is_looked_up_as_soon_as_it_has_company_and_seen_again_when_that_has_gone() {
        zone("www 300 CNAME www.outside.test.");
        assertThat(tells("www.example.com.", "CNAME www.outside.test.")).isTrue();
        assertThat(count("flatten_lookups")).isZero();

        rename(edge.view, "example.com", "www.example.com", "www 300 CNAME www.outside.test.", "www 300 TXT hello");
        await(() -> tells("www.example.com.", "NOERROR aa | www.example.com. A 203.0.113.5 | |"));
        assertThat(edge.told("www.example.com.", "TXT")).isEqualTo("NOERROR aa | www.example.com. TXT hello | |");

        rename(edge.view, "example.com", "www.example.com", "www 300 CNAME www.outside.test.");
        assertThat(tells("www.example.com.", "CNAME www.outside.test.")).isTrue();
    }

    @Test
    void what_a_version_that_kept_no_ttl_has_learnt_is_answered_for_no_time_at_all() throws Exception {
        flattener.close();
        kill();
        Path file = folder.resolve("known-addresses");
        Files.writeString(file, "anycastle known addresses 1\nwww.outside.test A 1 cb007105,cb007105\n");
        config = FlattenConfig.DEFAULTS.withFile(file);
        startEdge();
        zone("@ 300 CNAME www.outside.test.");
        assertThat(edge.told("example.com.", "A")).isEqualTo("NOERROR aa | example.com. A 203.0.113.5 | |");
        assertThat(ttl("example.com.")).isZero();
    }

    @Test
    void a_restart_while_the_servers_outside_are_down_answers_what_was_learnt_before() throws Exception {
        flattener.close();
        config = FlattenConfig.DEFAULTS.withFile(folder.resolve("known-addresses"));
        startEdge();
        zone("@ 300 CNAME www.outside.test.\nflattened one 300 CNAME other.outside.test.");
        await(() -> tells("example.com.", "A 203.0.113.5") && tells("one.example.com.", "A 203.0.113.9"));
        await(() -> edge.told("one.example.com.", "AAAA").startsWith("NOERROR aa | |"));
        flattener.close();
        kill();

        startEdge();
        zone("@ 300 CNAME www.outside.test.\nflattened one 300 CNAME other.outside.test.");
        assertThat(edge.told("example.com.", "AAAA")).contains("AAAA 2001:db8:5:0:0:0:0:1");
        assertThat(ttl("example.com.")).isEqualTo(100);
        assertThat(tells("one.example.com.", "A 203.0.113.9")).isTrue();
        assertThat(edge.told("one.example.com.", "AAAA")).startsWith("NOERROR aa | |");
    }

    @Test
    void a_name_that_is_gone_outside_answers_no_address_any_more() {
        zone("flattened x 300 CNAME www.outside.test.");
        await(() -> tells("x.example.com.", "A 203.0.113.5"));
        show(world, ZoneText.active("outside.test", "other 100 A 203.0.113.9"));
        rename(world, "outside.test", "www.outside.test");
        now.updateAndGet(t -> t.plusSeconds(100));

        await(() -> tells("x.example.com.", "NOERROR aa | | example.com. SOA"));
    }

    @Test
    void a_name_outside_that_leads_back_to_the_cname_is_a_circle_and_no_answer() {
        show(world, ZoneText.active("example.com", "round 300 A 198.51.100.66")); // what anybody may claim of us
        zone("flattened round 300 CNAME back.outside.test.");

        await(() -> count("flatten_circles") > 0);
        assertThat(edge.told("round.example.com.", "A")).isEqualTo("SERVFAIL | | |");
    }

    @Test
    void the_cnames_of_a_paused_partial_zone_are_learnt_and_answered_below_the_suffix() {
        paused(
                ZoneType.PARTIAL,
                "proxied @ 1 CNAME alias.outside.test.\nproxied-flattened x 1 CNAME other.outside.test.");

        await(() -> tells("example.com.cdn.example.net.", "example.com.cdn.example.net. A 203.0.113.5"));
        await(() -> tells("x.example.com.cdn.example.net.", "x.example.com.cdn.example.net. A 203.0.113.9"));
    }

    @Test
    void a_name_outside_that_leads_back_to_a_partial_zones_host_is_a_circle_and_no_answer() {
        show(world, ZoneText.active("example.com", "round 300 CNAME round.example.com.cdn.example.net."));
        show(world, ZoneText.active("cdn.example.net", "round.example.com 300 A 198.51.100.66")); // said once by us
        paused(ZoneType.PARTIAL, "proxied-flattened round 1 CNAME back.outside.test.");

        await(() -> count("flatten_circles") > 0);
        assertThat(edge.told("round.example.com.cdn.example.net.", "A")).isEqualTo("SERVFAIL | | |");
    }

    @Test
    void what_lies_below_the_suffix_is_never_asked_about_outside_but_what_it_leads_to_is() {
        paused(ZoneType.PARTIAL, "proxied x 1 CNAME other.outside.test.\nproxied own 1 CNAME x");
        show(edge.view, ZoneText.active("alias.test", "flattened to 300 CNAME x.example.com.cdn.example.net."));

        await(() -> tells("to.alias.test.", "to.alias.test. A 203.0.113.9"));
        assertThat(count("flatten_lookups")).isEqualTo(1);
    }

    @Test
    void a_zone_whose_dns_moves_elsewhere_and_back_is_looked_up_again_at_once() {
        show(world, ZoneText.active("example.com", "www 3600 A 203.0.113.50"));
        show(edge.view, ZoneText.active("alias.test", "flattened x 300 CNAME www.example.com."));
        await(() -> tells("x.alias.test.", "A 203.0.113.50"));
        paused(ZoneType.FULL, "www 300 A 192.0.2.60\nflattened after 300 CNAME other.outside.test.");
        assertThat(tells("x.alias.test.", "A 192.0.2.60")).isTrue();
        await(() -> tells("after.example.com.", "A 203.0.113.9")); // the flattener has followed so far
        show(world, ZoneText.active("example.com", "www 3600 A 203.0.113.51"));

        paused(ZoneType.PARTIAL, "www 300 A 192.0.2.60");
        await(() -> tells("x.alias.test.", "A 203.0.113.51"));
    }

    @Test
    void a_zone_whose_dns_moves_elsewhere_is_looked_up_at_once_before_the_view_is_there_too() {
        paused(ZoneType.FULL, "www 300 A 192.0.2.60");
        show(edge.view, ZoneText.active("alias.test", "flattened x 300 CNAME www.example.com."));
        await(() -> count("flatten_names") == 1);
        edge.view.follow(change -> () -> {
            if (change.before().isPresent()) {
                await(() -> count("flatten_lookups") == 1); // commits come before the view is current
            }
        });

        paused(ZoneType.PARTIAL, "www 300 A 192.0.2.60");
        assertThat(count("flatten_lookups")).isEqualTo(1);
    }

    @Test
    void a_name_that_its_zone_delegates_is_looked_up_outside_at_once_and_not_until_then() {
        show(world, ZoneText.active("sub.example.com", "www 300 A 203.0.113.60"));
        zone("www.sub 300 A 192.0.2.60");
        show(edge.view, ZoneText.active("alias.test", "flattened x 300 CNAME www.sub.example.com."));
        await(() -> count("flatten_names") == 1);
        assertThat(count("flatten_lookups")).isZero();

        rename(edge.view, "example.com", "sub.example.com", "sub 300 NS ns1.outside.test.");
        await(() -> tells("x.alias.test.", "A 203.0.113.60"));
        rename(edge.view, "example.com", "sub.example.com");
        assertThat(tells("x.alias.test.", "A 192.0.2.60")).isTrue();
    }

    @Test
    void a_zone_that_comes_or_goes_has_no_name_asked_about_that_was_outside_and_still_is() {
        show(world, ZoneText.active("outside.test", "* 100 A 203.0.113.5\nother 100 A 203.0.113.9"));
        zone(lines(100, "flattened x%1$d 300 CNAME n%1$d.outside.test."));
        await(() -> IntStream.range(0, 100).allMatch(i -> tells("x" + i + ".example.com.", "A 203.0.113.5")));
        assertThat(count("flatten_lookups")).isEqualTo(100);

        show(edge.view, ZoneText.active("unrelated.test", "www 300 A 192.0.2.1"));
        show(edge.view, ZoneText.of(paused("outside.test", ZoneType.PARTIAL), ""));
        edge.view.remove(DomainName.of("unrelated.test"));
        edge.view.remove(DomainName.of("outside.test"));
        rename(edge.view, "example.com", "after.example.com", "flattened after 300 CNAME other.outside.test.");
        await(() -> tells("after.example.com.", "A 203.0.113.9"));
        assertThat(count("flatten_lookups")).isEqualTo(101);
    }

    private static String lines(int count, String line) {
        return IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining("\n"));
    }

    @Test
    void ten_thousand_zones_with_as_many_names_come_and_go_in_less_than_three_seconds_of_work() {
        CurrentView many = new CurrentView();
        show(many, ZoneText.active("moved.test", "@ 300 DNAME outside.test."));
        for (int i = 0; i < 10_000; i++) {
            String target = List.of("n%d.outside.test.", "www.z%d.test.", "n%d.moved.test.")
                    .get(i % 3)
                    .formatted(i - i % 3);
            show(many, ZoneText.active("z" + i + ".test", "flattened x 300 CNAME " + target));
        }
        flattener.close();
        flattener = flattening(many, new ExternalTargets());
        await(() -> count("flatten_names") == 10_000);
        for (ZoneState zone : many.get().zones().values()) {
            many.remove(zone.zone().name());
        }
        await(() -> count("flatten_names") == 0);
        assertThat(worked()).isLessThan(Duration.ofSeconds(3));
    }

    /** The processor time that flattening has taken. */
    private static Duration worked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals("flattening"))
                .map(info -> Duration.ofNanos(threads.getThreadCpuTime(info.getThreadId())))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Shows example.com, paused, as a zone of that type. */
    private void paused(ZoneType type, String lines) {
        show(edge.view, ZoneText.of(paused("example.com", type), lines));
    }

    private static Zone paused(String name, ZoneType type) {
        return new Zone(
                "0".repeat(32),
                DomainName.of(name),
                type,
                ZoneStatus.ACTIVE,
                true,
                1,
                1,
                List.of(DomainName.of("ns1.anycast.test")),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }

    @Test
    void no_query_waits_while_a_server_outside_is_silent() throws Exception {
        try (SlowServer slow = new SlowServer(address)) {
            address = slow.address();
            startEdge(1, 100);
            zone("@ 300 CNAME www.outside.test.");
            List<DatagramPacket> asked = slow.questions("www.outside.test.");
            assertThat(edge.told("example.com.", "A")).isEqualTo("SERVFAIL | | |");
            assertThat(count("flatten_failures")).isZero(); // it had not been given up when the answer was there

            slow.answer(asked);
            await(() -> tells("example.com.", "A 203.0.113.5"));
        }
    }

    @Test
    void a_zone_that_becomes_ours_is_answered_from_the_view_at_once() {
        zone("flattened x 300 CNAME www.outside.test.");
        await(() -> tells("x.example.com.", "A 203.0.113.5"));

        show(edge.view, ZoneText.active("outside.test", "www 50 A 192.0.2.200"));
        assertThat(tells("x.example.com.", "x.example.com. A 192.0.2.200")).isTrue();
    }

    @Test
    void names_over_the_limit_are_left_out_and_counted() {
        startEdge(1, 1);
        zone("flattened a 300 CNAME www.outside.test.\nflattened b 300 CNAME other.outside.test.");

        await(() -> count("flatten_over_limit") > 0 && count("flatten_lookups") == 1);
        assertThat(count("flatten_names")).isEqualTo(1);
    }

    @Test
    void a_name_that_nothing_leads_to_any_more_when_its_answer_comes_is_never_asked_about_again() throws Exception {
        try (SlowServer slow = new SlowServer(address)) {
            address = slow.address();
            startEdge(1, 100);
            zone("flattened x 300 CNAME www.outside.test.");
            List<DatagramPacket> asked = slow.questions("www.outside.test.");
            rename(edge.view, "example.com", "x.example.com");
            await(() -> count("flatten_names") == 0);
            rename(edge.view, "example.com", "y.example.com", "flattened y 300 CNAME other.outside.test.");

            slow.answer(asked);
            slow.answer(slow.questions("other.outside.test."));
            await(() -> tells("y.example.com.", "A 203.0.113.9"));
            now.updateAndGet(t -> t.plus(Duration.ofDays(1)));
            slow.answer(slow.questions("other.outside.test."));
            rename(edge.view, "example.com", "y.example.com", "flattened y 300 CNAME alias.outside.test.");
            slow.answer(slow.questions("alias.outside.test."));
            await(() -> tells("y.example.com.", "A 203.0.113.5"));
            assertThat(count("flatten_lookups")).isEqualTo(4);
            assertThat(count("flatten_names")).isEqualTo(1);
        }
    }

    @Test
    void a_name_that_something_leads_to_again_before_its_answer_comes_is_learnt_and_asked_about_once_a_ttl()
            throws Exception {
        try (SlowServer slow = new SlowServer(address)) {
            address = slow.address();
            startEdge(64, 100);
            zone("flattened x 300 CNAME www.outside.test.");
            List<DatagramPacket> asked = slow.questions("www.outside.test.");
            rename(edge.view, "example.com", "x.example.com");
            await(() -> count("flatten_names") == 0);
            rename(edge.view, "example.com", "x.example.com", "flattened x 300 CNAME www.outside.test.");
            await(() -> count("flatten_lookups") == 2);
            slow.answer(asked);
            await(() -> tells("x.example.com.", "A 203.0.113.5"));

            now.updateAndGet(t -> t.plusSeconds(100));
            slow.answer(slow.questions("www.outside.test."));
            rename(edge.view, "example.com", "z.example.com", "flattened z 300 CNAME other.outside.test.");
            slow.answer(slow.questions("other.outside.test."));
            await(() -> tells("z.example.com.", "A 203.0.113.9"));
            assertThat(count("flatten_lookups")).isEqualTo(4);
            assertThat(count("flatten_names")).isEqualTo(2);
        }
    }

    @Test
    void a_name_that_was_ours_for_a_moment_while_it_was_asked_about_is_asked_about_again_at_once() throws Exception {
        try (SlowServer slow = new SlowServer(address)) {
            address = slow.address();
            startEdge(1, 100);
            zone("flattened x 300 CNAME www.outside.test.\nflattened y 300 CNAME other.outside.test.");
            List<DatagramPacket> asked = slow.questions("other.outside.test.");
            show(edge.view, ZoneText.active("outside.test", ""));
            edge.view.remove(DomainName.of("outside.test"));
            rename(edge.view, "example.com", "z.example.com", "flattened z 300 CNAME alias.outside.test.");
            await(() -> count("flatten_names") == 3); // so far it has followed
            slow.answer(asked);

            slow.answer(slow.questions("alias.outside.test."));
            slow.answer(slow.questions("other.outside.test."));
            slow.answer(slow.questions("www.outside.test."));
            await(() -> tells("y.example.com.", "A 203.0.113.9"));
        }
    }

    /** A server outside that answers as another one does, and when it is told to. */
    private static final class SlowServer implements AutoCloseable {
        private final DatagramSocket clients = new DatagramSocket(ServedZone.ANY_PORT);
        private final DatagramSocket further = new DatagramSocket(ServedZone.ANY_PORT);

        SlowServer(InetSocketAddress server) throws IOException {
            further.connect(server);
            for (DatagramSocket socket : List.of(clients, further)) {
                socket.setSoTimeout(20_000);
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) clients.getLocalSocketAddress();
        }

        /** The next two questions, for both families of that name. */
        List<DatagramPacket> questions(String name) throws IOException {
            List<DatagramPacket> questions = List.of(received(clients), received(clients));
            for (DatagramPacket question : questions) {
                assertThat(message(question).getQuestion().getName()).hasToString(name);
            }
            return questions;
        }

        void answer(List<DatagramPacket> questions) throws IOException {
            for (DatagramPacket question : questions) {
                further.send(new DatagramPacket(question.getData(), question.getLength()));
                DatagramPacket answer = received(further);
                clients.send(new DatagramPacket(answer.getData(), answer.getLength(), question.getSocketAddress()));
            }
        }

        private static DatagramPacket received(DatagramSocket socket) throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            socket.receive(packet);
            return packet;
        }

        private static Message message(DatagramPacket packet) throws IOException {
            return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        }

        @Override
        public void close() {
            clients.close();
            further.close();
        }
    }
}
