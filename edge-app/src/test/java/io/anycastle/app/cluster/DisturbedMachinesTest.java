package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes on three networks, parts of which fail in ways that end no connection and tell nobody. */
final class DisturbedMachinesTest {
    private static final int PORT = 7301;
    private static final List<Integer> ALL = List.of(1, 2, 3);
    private static final int ZONES = 6;
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /** Aims; a busy machine is given ten times as long. */
    private static final Duration EQUAL = Duration.ofSeconds(10);

    private static final Duration FIRST_WRITE = Duration.ofSeconds(10);

    /** Without limits on what libraries say it is tens of thousands. */
    private static final long LINES_MAX = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_pair_that_cannot_see_each_other_is_equal_soon_after_it_can_and_two_of_three_begin_without_a_silent_third()
            throws Exception {
        try (Machines machines = Machines.start(folder)) {
            begin(machines);
            List<String> zones = new ArrayList<>();
            for (int i = 0; i < ZONES; i++) {
                zones.add(addZone(machines, "z" + i + ".test"));
            }
            awaitEqual(machines);

            machines.cut(2, 3);
            int taken = 0;
            for (String zone : zones) {
                taken += add(machines, 2, zone, "cut") ? 1 : 0;
            }
            assertThat(taken).describedAs("changes that node 2 took").isPositive();
            assertThat(digests(machines))
                    .describedAs("what is lacking at node 3")
                    .hasSizeGreaterThan(1);
            machines.mend(2, 3);
            long mended = System.nanoTime();
            awaitEqual(machines);
            assertThat(since(mended)).isLessThan(EQUAL.multipliedBy(10));
            assertThat(machines.output(1, List.of("curl", "-s", "http://127.0.0.1:8053/metrics")))
                    .describedAs("whether what nodes write into the maps was taken for a stranger's")
                    .contains("anycastle_store_client_writes_refused_total 0");

            ALL.forEach(machines::kill);
            machines.silence(3);
            machines.run(1);
            machines.run(2);
            TestNode.await("node 1 is up", () -> !status(machines, 1).isEmpty());
            long restarted = System.nanoTime();
            TestNode.await("node 1 takes changes", () -> add(machines, 1, zones.getFirst(), "n" + System.nanoTime()));
            assertThat(since(restarted)).isLessThan(FIRST_WRITE.multipliedBy(10));
            TestNode.await("two members", () -> members(machines, 1) == 2 && members(machines, 2) == 2);
            assertThat(lines(machines, 1)).describedAs("lines of the log").isLessThan(LINES_MAX);
        }
    }

    @Test
    void a_step_of_one_clock_by_less_than_the_drift_bound_separates_no_nodes_and_is_told() throws Exception {
        try (Machines machines = Machines.start(folder)) {
            machines.ownClock(2);
            begin(machines);
            String zone = addZone(machines, "clock.test");
            for (int ahead : List.of(45, 0)) {
                machines.setClock(2, ahead);
                String told = ahead == 0 ? "clock agrees with the other nodes' again" : "s ahead of the other nodes'";
                TestNode.await("node 2 tells its step", () -> machines.logged(2).contains(told));
                assertThat(String.valueOf(store(machines, 2).getString("last_error")))
                        .satisfies(error -> assertThat(error.contains(told)).isEqualTo(ahead != 0));
                for (int machine : ALL) {
                    assertThat(add(machines, machine, zone, "n" + machine + ahead))
                            .isTrue();
                }
                awaitEqual(machines);
                // Whoever misses a heartbeat does so within this time.
                long until = System.nanoTime()
                        + HEARTBEAT.multipliedBy(6).dividedBy(5).toNanos();
                TestNode.await("heartbeats", () -> System.nanoTime() > until);
            }
            for (int machine : ALL) {
                assertThat(members(machines, machine)).isEqualTo(3);
                assertThat(machines.logged(machine)).doesNotContain("has left");
                assertThat(lines(machines, machine))
                        .describedAs("lines of the log")
                        .isLessThan(LINES_MAX);
            }
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static long lines(Machines machines, int machine) {
        return machines.logged(machine).lines().count();
    }

    private static String addZone(Machines machines, String name) {
        String answer = call(
                machines,
                1,
                "POST",
                "/zones",
                new JsonObject().put("name", name).encode());
        return new JsonObject(answer).getJsonObject("result").getString("id");
    }

    private void begin(Machines machines) throws Exception {
        for (int machine : ALL) {
            Files.writeString(folder.resolve(machine + ".yml"), """
                    data: %s
                    node: {id: node-%d}
                    edge: {addresses: [198.51.100.1]}
                    dns: {listen: [{address: 127.0.0.1, port: 5300}]}
                    http: {listen: [{address: 127.0.0.1, port: 8080}]}
                    admin: {listen: [{address: 127.0.0.1, port: 8053}]}
                    proxy: {warm-up: 0s}
                    cluster: {listen: "%s:%d", compare-interval: 1h, heartbeat-timeout: %ds}
                    drain-time: 0s
                    store: {write-timeout: 5s}
                    """.formatted(
                            folder.resolve("data-" + machine),
                            machine,
                            Machines.address(machine),
                            PORT,
                            HEARTBEAT.toSeconds()));
        }
        machines.run(1);
        for (int guest : List.of(2, 3)) {
            TestNode.await("a node invites", () -> members(machines, 1) == guest - 1);
            String token = new JsonObject(machines.call(1, "POST", "/edge/cluster/invitations", "{}"))
                    .getJsonObject("result")
                    .getString("token");
            machines.run(guest, "--join", token);
        }
        for (int machine : ALL) {
            TestNode.await("node " + machine + " counts three", () -> members(machines, machine) == 3);
        }
    }

    private static JsonObject store(Machines machines, int machine) {
        String text = status(machines, machine);
        return text.isEmpty()
                ? new JsonObject()
                : new JsonObject(text).getJsonObject("result").getJsonObject("store");
    }

    private static String status(Machines machines, int machine) {
        return call(machines, machine, "GET", "/edge/status", "");
    }

    private static int members(Machines machines, int machine) {
        return store(machines, machine).getInteger("members", 0);
    }

    private static Set<String> digests(Machines machines) {
        Set<String> digests = new TreeSet<>();
        ALL.forEach(machine -> digests.add(store(machines, machine).getString("digest", "none")));
        return digests;
    }

    private static void awaitEqual(Machines machines) {
        TestNode.await("equal stores", () -> digests(machines).size() == 1);
    }

    private static boolean add(Machines machines, int machine, String zone, String name) {
        JsonObject record = new JsonObject().put("type", "A").put("name", name).put("content", "192.0.2.1");
        String answer = call(machines, machine, "POST", "/zones/" + zone + "/dns_records", record.encode());
        return answer.contains("\"success\":true");
    }

    private static String call(Machines machines, int machine, String method, String path, String body) {
        try {
            return machines.call(machine, method, path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
