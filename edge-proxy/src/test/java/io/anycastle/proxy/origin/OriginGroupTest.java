package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginBalance;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of several origins is asked, and what becomes of one that fails: by a clock of the test's. */
class OriginGroupTest {
    private static final EjectionConfig EJECTION =
            new EjectionConfig(3, 2, Duration.ofSeconds(30), Duration.ofSeconds(100), 0, 80, Duration.ofSeconds(20), 4);
    private static final int KEYS = 2_000;

    private final AtomicLong now = new AtomicLong(-5);
    private final ProxyCounters counters = new ProxyCounters(() -> 0);
    private final OutlierDetection health = health(EJECTION, RetryConfig.DEFAULTS);

    private OutlierDetection health(EjectionConfig ejection, RetryConfig retry) {
        OriginConfig d = OriginConfig.DEFAULTS;
        return new OutlierDetection(
                new OriginConfig(
                        d.tls(),
                        d.port(),
                        d.connectTimeout(),
                        d.attemptDelay(),
                        d.handshakeTimeout(),
                        d.readTimeout(),
                        d.silenceTimeout(),
                        d.writeTimeout(),
                        d.keepAlive(),
                        d.connectionsMax(),
                        d.queueMax(),
                        d.queueTimeout(),
                        d.headerBytesMax(),
                        d.http2(),
                        d.balance(),
                        ejection,
                        retry,
                        d.allow(),
                        d.deny(),
                        d.addressMap(),
                        d.edgeAddresses()),
                counters,
                now::get);
    }

    private static OriginTarget target(int number) {
        return OriginTarget.plain(InetAddress.ofLiteral("192.0.2." + number), 80);
    }

    private static List<OriginTarget> targets(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(OriginGroupTest::target).toList();
    }

    private OriginGroup group(String balance, List<Integer> weights, List<OriginTarget> fallbacks) {
        List<OriginTarget> targets = targets(1, weights.size());
        return new OriginGroup(
                new OriginSet(
                        targets,
                        weights,
                        fallbacks,
                        OriginBalance.named(balance).orElseThrow()),
                health);
    }

    private OriginGroup turns(Integer... weights) {
        return group("round_robin", List.of(weights), List.of());
    }

    private static int asked(OriginGroup group, long key) {
        return number(group.next(key).getFirst());
    }

    private static int number(OriginMember member) {
        return member.target().address().getAddress()[3];
    }

    /** How many of so many requests each gets. */
    private static Map<Integer, Integer> shares(OriginGroup group, int requests) {
        Map<Integer, Integer> shares = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            shares.merge(asked(group, HashKey.NONE), 1, Integer::sum);
        }
        return shares;
    }

    private static OriginMember member(OriginGroup group, int number) {
        return group.all().stream()
                .filter(member -> number(member) == number)
                .findFirst()
                .orElseThrow();
    }

    private static void fail(OriginGroup group, int number) {
        for (int i = 0; i < EJECTION.failuresMax(); i++) {
            group.failed(member(group, number), "521 Web server is down");
        }
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void requests_take_turns_by_weight() {
        assertThat(shares(turns(1, 1, 1), 300)).isEqualTo(Map.of(1, 100, 2, 100, 3, 100));
        OriginGroup weighted = turns(5, 1, 0, 2);
        assertThat(shares(weighted, 8)).isEqualTo(Map.of(1, 5, 2, 1, 4, 2));
        assertThat(shares(turns(0, 0), 10)).isEqualTo(Map.of(1, 5, 2, 5));
        int longest = 0;
        int run = 0;
        for (int i = 0; i < 80; i++) {
            run = asked(weighted, HashKey.NONE) == 1 ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        assertThat(longest).as("the heavy one is not asked in one go").isLessThanOrEqualTo(3);
    }

    @Test
    void one_of_weight_nothing_is_asked_when_no_other_is_left() {
        OriginGroup group = turns(1, 0);
        assertThat(group.next(HashKey.NONE)).extracting(OriginGroupTest::number).containsExactly(1, 2);
        fail(group, 1);
        assertThat(group.next(HashKey.NONE)).extracting(OriginGroupTest::number).containsExactly(2, 1);
    }

    @Test
    void each_request_knows_who_comes_next_and_asks_no_more_than_it_may() {
        OriginGroup group = turns(1, 1, 1, 1, 1);
        List<OriginMember> next = group.next(HashKey.NONE);
        assertThat(next).hasSize(1 + RetryConfig.DEFAULTS.max()).doesNotHaveDuplicates();
    }

    @Test
    void failures_in_a_row_take_an_origin_out_for_longer_each_time() {
        OriginGroup group = turns(1, 1);
        fail(group, 1);
        assertThat(shares(group, 10)).isEqualTo(Map.of(2, 10));
        pass(29);
        assertThat(shares(group, 10)).isEqualTo(Map.of(2, 10));
        assertThat(health.status().getFirst())
                .isEqualTo(new OriginStatus(
                        "192.0.2.1:80", "http", OutlierState.State.OUT, 1_000, 1, 3, 0, "521 Web server is down"));
        pass(1);
        assertThat(shares(group, 100)).containsKey(1);
        group.failed(member(group, 1), "520");
        assertThat(shares(group, 100))
                .as("one failure is enough while it comes back")
                .isEqualTo(Map.of(2, 100));
        pass(59);
        assertThat(shares(group, 100)).isEqualTo(Map.of(2, 100));
        pass(1);
        assertThat(shares(group, 100)).containsKey(1);
        assertThat(counters.of(Event.ORIGIN_EJECTIONS)).isEqualTo(2);
        assertThat(counters.of(Event.ORIGIN_RETURNS)).isEqualTo(2);
        group.failed(member(group, 1), "520");
        pass(90);
        shares(group, 100);
        group.failed(member(group, 1), "520");
        assertThat(health.status().getFirst().leftMs()).as("the longest").isEqualTo(100_000);
    }

    @Test
    void an_answer_ends_the_row_and_a_time_that_goes_well_is_taken_off() {
        OriginGroup group = turns(1, 1);
        for (int i = 0; i < 10; i++) {
            group.failed(member(group, 1), "520");
            group.failed(member(group, 1), "520");
            group.answered(member(group, 1), 404);
        }
        assertThat(shares(group, 10)).isEqualTo(Map.of(1, 5, 2, 5));
        fail(group, 1);
        pass(30);
        shares(group, 30);
        group.answered(member(group, 1), 200);
        group.failed(member(group, 1), "520");
        pass(60);
        assertThat(shares(group, 10)).isEqualTo(Map.of(1, 5, 2, 5));
        fail(group, 1);
        assertThat(health.status().getFirst().leftMs()).isEqualTo(30_000);
    }

    @ParameterizedTest
    @CsvSource({
        "502, true",
        "503, true",
        "504, true",
        "520, true",
        "525, true",
        "500, false",
        "526, false",
        "404, false"
    })
    void answers_that_tell_of_a_failure_behind_the_origin_take_it_out_too(int status, boolean isOut) {
        OriginGroup group = turns(1, 1);
        group.answered(member(group, 1), status);
        group.answered(member(group, 1), status);
        assertThat(shares(group, 10)).isEqualTo(isOut ? Map.of(2, 10) : Map.of(1, 5, 2, 5));
    }

    @Test
    void an_origin_comes_back_little_by_little() {
        OriginGroup group = turns(1, 1);
        fail(group, 1);
        pass(30);
        int before = shares(group, 210).get(1);
        group.answered(member(group, 1), 200);
        assertThat(before).isBetween(8, 12);
        pass(10);
        assertThat(shares(group, 300).get(1)).isBetween(98, 102);
        pass(10);
        assertThat(shares(group, 300).get(1)).isBetween(148, 152);
        assertThat(health.status()).extracting(OriginStatus::stateText).containsOnly("in");
    }

    @Test
    void the_last_one_standing_stays_and_so_does_what_the_share_keeps() {
        OriginGroup two = turns(1, 1);
        fail(two, 1);
        fail(two, 2);
        assertThat(shares(two, 10)).isEqualTo(Map.of(2, 10));
        OriginGroup five = turns(1, 1, 1, 1, 1);
        for (int i = 1; i <= 5; i++) {
            fail(five, i);
        }
        assertThat(shares(five, 10)).as("4 of 5 are 80 %").isEqualTo(Map.of(5, 10));
    }

    @Test
    void of_origins_that_other_names_took_out_the_one_that_comes_back_first_is_asked() {
        OriginGroup all = turns(1, 1, 1);
        fail(all, 2);
        pass(1);
        fail(all, 1);
        OriginGroup pair = turns(1, 1);
        assertThat(shares(pair, 10)).isEqualTo(Map.of(2, 10));
    }

    @Test
    void a_fallback_is_asked_when_all_others_are_out_and_after_them_when_they_fail() {
        OriginGroup group = group("round_robin", List.of(1, 1), List.of(target(9)));
        assertThat(number(group.next(HashKey.NONE).getLast())).isEqualTo(9);
        fail(group, 1);
        fail(group, 2);
        assertThat(group.next(HashKey.NONE)).extracting(OriginGroupTest::number).startsWith(9);
        fail(group, 9);
        assertThat(shares(group, 10)).as("nobody stands in for it").isEqualTo(Map.of(9, 10));
        OriginGroup single = group("round_robin", List.of(1), List.of(target(8)));
        assertThat(shares(single, 10)).isEqualTo(Map.of(8, 10));
        pass(30);
        assertThat(shares(single, 10)).isEqualTo(Map.of(1, 10));
    }

    @Test
    void the_one_with_the_fewest_requests_for_its_weight_is_asked() {
        OriginGroup group = group("least_outstanding", List.of(1, 1, 2), List.of());
        List<OriginMember> busy = new ArrayList<>();
        Map<Integer, Integer> under = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            OriginMember asked = group.next(HashKey.NONE).getFirst();
            asked.begins(true);
            busy.add(asked);
            under.merge(number(asked), 1, Integer::sum);
        }
        assertThat(under).isEqualTo(Map.of(1, 10, 2, 10, 3, 20));
        busy.stream().filter(member -> number(member) == 2).forEach(OriginMember::ends);
        for (int i = 0; i < 9; i++) {
            OriginMember asked = group.next(HashKey.NONE).getFirst();
            assertThat(number(asked)).isEqualTo(2);
            asked.begins(true);
        }
    }

    private static List<Integer> keysOf(OriginGroup group) {
        return IntStream.range(0, KEYS)
                .mapToObj(key -> asked(group, HashKey.of(new byte[] {(byte) key, (byte) (key >> 8)})))
                .toList();
    }

    @Test
    void a_key_keeps_its_origin_and_only_those_of_a_lost_one_move() {
        OriginGroup group = group("address_hash", List.of(1, 1, 1, 1), List.of());
        List<Integer> before = keysOf(group);
        assertThat(keysOf(group)).isEqualTo(before);
        for (int i = 1; i <= 4; i++) {
            assertThat(Collections.frequency(before, i)).isBetween(KEYS / 5, KEYS * 3 / 10);
        }
        fail(group, 3);
        List<Integer> after = keysOf(group);
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            if (before.get(key) == 3) {
                assertThat(after.get(key)).isNotEqualTo(3);
                moved++;
            } else {
                assertThat(after.get(key)).isEqualTo(before.get(key));
            }
        }
        assertThat(moved).isPositive();
        pass(40);
        assertThat(keysOf(group)).as("some come back").contains(3).isNotEqualTo(before);
        group.answered(member(group, 3), 200);
        pass(20);
        assertThat(keysOf(group)).isEqualTo(before);
    }

    @Test
    void keys_are_shared_by_weight_and_another_node_sends_them_to_the_same_origin() {
        List<Integer> weights = List.of(3, 1);
        List<Integer> here = keysOf(group("cookie_hash:sid", weights, List.of()));
        assertThat(Collections.frequency(here, 1)).isBetween(KEYS * 7 / 10, KEYS * 8 / 10);
        OriginGroup there = new OriginGroup(
                new OriginSet(
                        targets(1, 2),
                        weights,
                        List.of(),
                        OriginBalance.named("address_hash").orElseThrow()),
                health(EJECTION, RetryConfig.DEFAULTS));
        assertThat(keysOf(there)).isEqualTo(here);
    }

    @Test
    void no_more_origins_are_known_than_may_be_and_those_that_nobody_uses_are_forgotten() {
        turns(1, 1, 1, 1);
        assertThat(health.status()).hasSize(4);
        OriginGroup more =
                new OriginGroup(new OriginSet(targets(5, 6), List.of(1, 1), List.of(), OriginBalance.DEFAULT), health);
        assertThat(health.status()).hasSize(4);
        assertThat(counters.of(Event.ORIGINS_UNSHARED)).isEqualTo(2);
        fail(more, 5);
        assertThat(shares(more, 10)).as("it is known to its own thread").isEqualTo(Map.of(6, 10));
        pass(101);
        turns(1, 1);
        assertThat(new OriginGroup(
                                new OriginSet(targets(7, 8), List.of(1, 1), List.of(), OriginBalance.DEFAULT), health)
                        .all())
                .hasSize(2);
        assertThat(health.status()).extracting(OriginStatus::address).contains("192.0.2.7:80", "192.0.2.8:80");
    }

    @Test
    void a_budget_lets_pass_a_share_of_an_origins_own_requests_and_a_few_more() {
        RetryBudget budget = new RetryBudget(new RetryConfig(1, 0, 0, 20, 3, Duration.ofSeconds(10)), now.get());
        assertThat(taken(budget)).isEqualTo(3);
        for (int i = 0; i < 50; i++) {
            budget.request(now.get());
        }
        assertThat(taken(budget)).isEqualTo(10);
        pass(10);
        assertThat(taken(budget))
                .as("the last window counts while this one is young")
                .isEqualTo(13);
        pass(25);
        assertThat(taken(budget)).isEqualTo(3);
    }

    private int taken(RetryBudget budget) {
        int taken = 0;
        while (budget.take(now.get())) {
            taken++;
        }
        return taken;
    }
}
