package io.anycastle.app.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/**
 * Three nodes in containers while a seeded nemesis kills, stops and cuts them off and clients write through all of them. {@code
 * -Dproof.seed} replays a schedule, {@code -Dproof.seconds} makes it longer.
 */
@EnabledIf(
        value = "imageIsBuilt",
        disabledReason = "no Docker engine answered when the image was to be built (src/container/build.sh says so)")
class ClusterIT {
    private static final Path IMAGE = Path.of("target", "container", "image");
    private static final Duration CONVERGE = Duration.ofSeconds(90);
    /** From the end of a cut on. */
    private static final Duration HEAL = Duration.ofSeconds(30);

    /** What a client may wait for at most: the longest time of a write, and a busy machine's slack. */
    private static final Duration ANSWER = Duration.ofSeconds(15).plusSeconds(15);

    private static final Duration FAULT_MAX = Duration.ofSeconds(8);

    /** A client looks for what it writes before, by two calls. */
    private static final Duration CLIENT_END =
            ProofNode.CALL_MAX.multipliedBy(3).plusSeconds(10);

    @TempDir(cleanup = CleanupMode.ALWAYS)
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ProofNetworks networks;

    private final List<ProofNode> nodes = new ArrayList<>();
    private final List<ProofProber> probers = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private String zone;

    static boolean imageIsBuilt() {
        return Files.exists(IMAGE);
    }

    @BeforeEach
    void start() throws Exception {
        DockerClient docker = DockerClientFactory.instance().client();
        networks = ProofNetworks.create(docker);
        String image = Files.readString(IMAGE).strip();
        for (int i = 1; i <= ProofNetworks.NODES; i++) {
            ProofNode node = new ProofNode(docker, image, networks, i, folder);
            nodes.add(node);
            node.start();
        }
        await("all nodes serve", () -> isServing(nodes.getFirst()));
        JsonObject made = nodes.getFirst()
                .call("POST", "/zones", "{\"name\":\"proof.test\"}")
                .json()
                .getJsonObject("result");
        zone = made.getString("id");
        String probe = new JsonObject()
                .put("type", "A")
                .put("name", "probe")
                .put("content", "192.0.2.1")
                .encode();
        assertThat(nodes.getFirst()
                        .call("POST", "/zones/" + zone + "/dns_records", probe)
                        .status())
                .isEqualTo(200);
        for (ProofNode node : nodes) {
            ProofProber prober = new ProofProber(node);
            probers.add(prober);
            Thread.ofPlatform().daemon().start(prober);
        }
        await("every node answers", () -> probers.stream().allMatch(ProofProber::isLiving));
    }

    @AfterEach
    void stop() {
        probers.forEach(ProofProber::stop);
        nodes.forEach(ProofNode::close);
        networks.close();
    }

    @Test
    void nothing_acknowledged_is_lost_whatever_happens_to_the_nodes() throws Exception {
        long seed = Long.getLong("proof.seed", System.nanoTime());
        Duration time = Duration.ofSeconds(Long.getLong("proof.seconds", 75));
        System.out.println("The proof's seed is " + seed + "; -Dproof.seed=" + seed + " replays it.");
        History history = new History();
        List<ProofClient> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (ProofNode node : nodes) {
            ProofClient client = new ProofClient(node, zone, history, seed + clients.size());
            clients.add(client);
            threads.add(Thread.ofPlatform().daemon().start(client));
        }
        new Nemesis(new Random(seed), history).rage(System.nanoTime() + time.toNanos());
        clients.forEach(ProofClient::stop);
        for (Thread thread : threads) {
            assertThat(thread.join(CLIENT_END))
                    .describedAs("the client has ended")
                    .isTrue();
        }
        Duration healed = converge();
        check(history, healed);
    }

    @Test
    void both_sides_of_a_cut_are_one_again_soon_with_all_their_writes() throws Exception {
        History history = new History();
        for (int i = 0; i < 6; i++) {
            write(history, nodes.getFirst(), "before-" + i, "10.1.0." + i);
        }
        awaitEqual();
        nodes.get(2).disconnect();
        await(
                "all notice the cut",
                () -> members(nodes.get(2)) == 1 && members(nodes.get(1)) == 2 && members(nodes.get(0)) == 2);
        for (int i = 0; i < 6; i++) {
            write(history, nodes.get(i % 2), "left-" + i, "10.2.0." + i);
            write(history, nodes.get(2), "right-" + i, "10.3.0." + i);
        }
        delete(history, nodes.get(2), "before-0");
        delete(history, nodes.get(0), "before-1");
        delete(history, nodes.get(2), "before-2");
        write(history, nodes.get(2), "before-2", "10.3.1.2");
        write(history, nodes.get(0), "before-3", "10.2.1.3");
        write(history, nodes.get(2), "before-3", "10.3.1.3");
        assertThat(nodes.get(2)
                        .call("PATCH", "/zones/" + zone, "{\"paused\":true}")
                        .status())
                .isEqualTo(200);
        nodes.get(2).connect();
        Duration healed = converge();
        check(history, healed);
        assertThat(healed).isLessThan(HEAL);
        await(
                "the switch is everywhere",
                () -> isPaused(nodes.get(0)) && isPaused(nodes.get(1)) && isPaused(nodes.get(2)));
        assertThat(losers()).contains("10.2.1.3").doesNotContain("10.3.1.3");
    }

    @Test
    void no_client_hangs_while_a_node_is_frozen_that_others_need_for_their_writes() throws Exception {
        List<String> zones = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            zones.add(nodes.get(i % 2)
                    .call("POST", "/zones", "{\"name\":\"frozen-" + i + ".test\"}")
                    .json()
                    .getJsonObject("result")
                    .getString("id"));
        }
        awaitEqual();
        probers.get(2).strikes();
        nodes.get(2).signal("STOP");
        Map<String, ProofNode.Answer> answers = new ConcurrentHashMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < zones.size(); i++) {
                ProofNode living = nodes.get(i % 2);
                String of = zones.get(i);
                clients.submit(() -> {
                    long begun = System.nanoTime();
                    ProofNode.Answer answer = living.call(
                            "POST",
                            "/zones/" + of + "/dns_records",
                            "{\"type\":\"A\",\"name\":\"www\",\"content\":\"192.0.2.7\"}");
                    if (System.nanoTime() - begun < ANSWER.toNanos()) {
                        answers.put(of, answer);
                    }
                    return answer;
                });
            }
        }
        probers.get(2).struck();
        nodes.get(2).signal("CONT");
        assertThat(answers).containsOnlyKeys(zones);
        awaitEqual();
        for (String of : zones) {
            ProofNode.Answer answer = Objects.requireNonNull(answers.get(of));
            assertThat(answer.status() == 200 || answer.isUnknown() || answer.isRefused())
                    .describedAs(answer.toString())
                    .isTrue();
            for (ProofNode node : nodes) {
                if (answer.status() == 200) {
                    await(
                            node.id() + " answers what was acknowledged",
                            () -> !node.records(of).isEmpty());
                }
                assertThat(node.records(of)).hasSizeLessThanOrEqualTo(answer.isRefused() ? 0 : 1);
            }
        }
        assertThat(probers.stream().flatMap(p -> p.failures().stream())).isEmpty();
    }

    private void write(History history, ProofNode node, String name, String value) throws Exception {
        long begun = System.nanoTime();
        JsonArray found = node.call("GET", "/zones/" + zone + "/dns_records?name=" + name + ".proof.test", "")
                .results();
        String path = "/zones/" + zone + "/dns_records"
                + (found.isEmpty() ? "" : "/" + found.getJsonObject(0).getString("id"));
        String body = new JsonObject()
                .put("type", "A")
                .put("name", name)
                .put("content", value)
                .encode();
        assertThat(node.call(found.isEmpty() ? "POST" : "PUT", path, body).status())
                .isEqualTo(200);
        history.add(new History.Write(
                name + ".proof.test",
                java.util.Optional.of(value),
                begun,
                System.nanoTime(),
                History.Outcome.ACKNOWLEDGED));
    }

    private void delete(History history, ProofNode node, String name) throws Exception {
        long begun = System.nanoTime();
        String id = node.call("GET", "/zones/" + zone + "/dns_records?name=" + name + ".proof.test", "")
                .results()
                .getJsonObject(0)
                .getString("id");
        assertThat(node.call("DELETE", "/zones/" + zone + "/dns_records/" + id, "")
                        .status())
                .isEqualTo(200);
        history.add(new History.Write(
                name + ".proof.test",
                java.util.Optional.empty(),
                begun,
                System.nanoTime(),
                History.Outcome.ACKNOWLEDGED));
    }

    /** What the nemesis does to nodes. */
    private enum Blow {
        KILL_ONE,
        KILL_TWO,
        KILL_ALL,
        STOP_AND_CONTINUE,
        CUT_OFF
    }

    /** Strikes nodes and heals them again. */
    private final class Nemesis {
        private final Random random;
        private final History history;

        Nemesis(Random random, History history) {
            this.random = random;
            this.history = history;
        }

        /** Deals blows from a shuffled deck, so that a short run knows each kind too. */
        void rage(long until) throws InterruptedException {
            List<Blow> deck = new ArrayList<>();
            while (System.nanoTime() < until) {
                if (deck.isEmpty()) {
                    deck.addAll(List.of(Blow.values()));
                    Collections.shuffle(deck, random);
                }
                strike(deck.removeLast());
                outlast(3 + random.nextInt(60));
            }
        }

        private void strike(Blow blow) throws InterruptedException {
            int victim = random.nextInt(ProofNetworks.NODES);
            int tries = 3 + random.nextInt(60);
            switch (blow) {
                case KILL_ONE -> kill(List.of(victim), tries);
                case KILL_TWO -> kill(List.of(victim, (victim + 1) % ProofNetworks.NODES), tries);
                case KILL_ALL -> kill(List.of(0, 1, 2), tries);
                case STOP_AND_CONTINUE -> freeze(victim, tries);
                case CUT_OFF -> cut(victim, tries, random.nextInt(4) > 0);
            }
        }

        private void kill(List<Integer> victims, int tries) throws InterruptedException {
            tell("kill " + victims + " for " + tries + " tries");
            for (int victim : victims) {
                strike(victim, "KILL");
            }
            outlast(tries);
            victims.forEach(v -> nodes.get(v).start());
            await(
                    "the killed nodes answer again",
                    () -> victims.stream().allMatch(v -> probers.get(v).isLiving()));
        }

        /** Told before and after: an answer between the two says nothing about the time that follows. */
        private void strike(int victim, String signal) throws InterruptedException {
            probers.get(victim).strikes();
            nodes.get(victim).signal(signal);
            await("node " + victim + " is down", () -> !nodes.get(victim).isRunning());
            probers.get(victim).struck();
        }

        private void freeze(int victim, int tries) throws InterruptedException {
            tell("stop " + victim + " for " + tries + " tries");
            strike(victim, "STOP");
            outlast(tries);
            nodes.get(victim).signal("CONT");
            await("the stopped node answers again", () -> probers.get(victim).isLiving());
        }

        /** One that lasts until all have noticed it makes two clusters, in which clients then write; a shorter one only disturbs. */
        private void cut(int victim, int tries, boolean isNoticed) throws InterruptedException {
            tell("cut off " + victim + (isNoticed ? ", and once all notice it for " : " for ") + tries + " tries");
            nodes.get(victim).disconnect();
            if (isNoticed) {
                await("all notice the cut", () -> isApart(victim));
            }
            outlast(tries);
            nodes.get(victim).connect();
        }

        private void tell(String what) {
            System.out.println("nemesis: " + what);
        }

        /** Whether the others are one. A victim that had not joined has no cluster layer: that cannot start without its interface. */
        private boolean isApart(int victim) throws IOException, InterruptedException {
            for (int i = 0; i < ProofNetworks.NODES; i++) {
                int members = members(nodes.get(i));
                if (i == victim ? members > 1 : members != ProofNetworks.NODES - 1) {
                    return false;
                }
            }
            return true;
        }

        /**
         * Waits until the clients have tried so often, or for as long as a fault lasts at most: where no node lives or a node is waited
         * for, they try rarely. The number is part of the schedule that the seed replays.
         */
        private void outlast(int tries) {
            long enough = history.tries() + tries;
            long end = System.nanoTime() + FAULT_MAX.toNanos();
            while (history.tries() < enough && System.nanoTime() < end) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    private Duration converge() throws Exception {
        long begun = System.nanoTime();
        awaitEqual();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.println("All nodes hold the same " + took.toMillis() + " ms after the last heal.");
        return took;
    }

    private void check(History history, Duration healed) throws IOException, InterruptedException {
        List<String> records = commonRecords();
        Map<String, String> state = new HashMap<>();
        for (String record : records) {
            String[] words = record.split(" ");
            assertThat(state.put(words[0], words[2]))
                    .describedAs("two records at " + words[0] + ", the other " + words[2] + "; written there: "
                            + history.writes().stream()
                                    .filter(write -> write.name().equals(words[0]))
                                    .toList())
                    .isNull();
        }
        assertThat(state.remove("probe.proof.test")).isEqualTo("192.0.2.1");
        List<History.Write> writes = history.writes();
        System.out.println(writes.size() + " writes, "
                + writes.stream()
                        .filter(w -> w.outcome() == History.Outcome.ACKNOWLEDGED)
                        .count() + " acknowledged, "
                + losers().size() + " listed as losers, "
                + probers.stream().mapToLong(ProofProber::answers).sum() + " DNS answers, the longest write took "
                + longest(writes) + " ms, a stop of its node of at most " + FAULT_MAX.toSeconds() + " s included");
        assertThat(Duration.ofMillis(longest(writes))).isLessThan(ANSWER.plus(FAULT_MAX));
        assertThat(History.problems(writes, state, losers())).isEmpty();
        assertThat(probers.stream().flatMap(p -> p.failures().stream())).isEmpty();
        assertThat(healed).isLessThan(CONVERGE);
    }

    private static long longest(List<History.Write> writes) {
        return writes.stream()
                .mapToLong(write -> (write.ended() - write.begun()) / 1_000_000)
                .max()
                .orElse(0);
    }

    /** What all nodes answer: a change is on their disks, by which they were awaited, a moment before it is answered. */
    private List<String> commonRecords() throws InterruptedException {
        List<List<String>> answered = new ArrayList<>();
        await("all nodes answer the same", () -> {
            answered.clear();
            for (ProofNode node : nodes) {
                answered.add(node.records(zone));
            }
            return Set.copyOf(answered).size() == 1;
        });
        return answered.getFirst();
    }

    private Set<String> losers() throws IOException, InterruptedException {
        Set<String> losers = new HashSet<>();
        JsonArray conflicts =
                nodes.getFirst().call("GET", "/edge/conflicts", "").results();
        for (int i = 0; i < conflicts.size(); i++) {
            JsonArray records = conflicts.getJsonObject(i).getJsonArray("records", new JsonArray());
            for (int r = 0; r < records.size(); r++) {
                losers.add(records.getJsonObject(r).getString("content"));
            }
        }
        return losers;
    }

    private void awaitEqual() throws InterruptedException {
        await("all nodes serve and hold the same", () -> isServing(nodes.getFirst()) && isServing(nodes.get(2)));
    }

    /** Whether the node sees three nodes that serve and hold the same. */
    private static boolean isServing(ProofNode node) throws IOException, InterruptedException {
        JsonArray all = node.call("GET", "/edge/nodes", "").results();
        Set<String> digests = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            if (!all.getJsonObject(i).getString("state", "").equals("serving")) {
                return false;
            }
            digests.add(all.getJsonObject(i).getString("store_digest"));
        }
        return all.size() == ProofNetworks.NODES && digests.size() == 1;
    }

    private boolean isPaused(ProofNode node) throws IOException, InterruptedException {
        return node.call("GET", "/zones/" + zone, "")
                .json()
                .getJsonObject("result")
                .getBoolean("paused");
    }

    private static int members(ProofNode node) throws IOException, InterruptedException {
        return node.call("GET", "/edge/status", "")
                .json()
                .getJsonObject("result")
                .getJsonObject("store")
                .getInteger("members");
    }

    private void await(String what, Callable<Boolean> holds) throws InterruptedException {
        long deadline = System.nanoTime() + CONVERGE.toNanos();
        while (!isTrue(holds)) {
            if (System.nanoTime() > deadline) {
                nodes.forEach(node -> System.out.println("--- " + node.id() + "\n" + node.logs()));
                throw new AssertionError("not within " + CONVERGE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    /** A node that does not answer does not fulfil the condition yet. */
    private static boolean isTrue(Callable<Boolean> condition) throws InterruptedException {
        try {
            return condition.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return false;
        }
    }
}
