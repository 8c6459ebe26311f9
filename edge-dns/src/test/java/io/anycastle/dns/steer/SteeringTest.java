package io.anycastle.dns.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.anycastle.core.geo.GeoFile;
import io.anycastle.core.geo.GeoFileWriter;
import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which nodes' addresses a client gets. */
class SteeringTest {
    private static final Location BERLIN = new Location(52.5, 13.4);
    private static final Location PARIS = new Location(48.9, 2.35);
    private static final Location TOKYO = new Location(35.7, 139.7);
    private static final Location LYON = new Location(45.8, 4.8);
    private static final int TTL = 60;

    /** More than there may be kinds of clients. */
    private static final int PLACES = 40_000;

    @TempDir
    private Path folder;

    private static ServingNode node(String id, int weight, @Nullable Location at, String... addresses) {
        return new ServingNode(
                id,
                weight,
                Optional.ofNullable(at),
                Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }

    private static SteerConfig config(int nodesAnswered) {
        return new SteerConfig(nodesAnswered, TTL, Optional.empty(), SteerConfig.DEFAULTS.geoCheck());
    }

    @Test
    void the_first_node_of_an_answer_is_each_as_often_as_its_weight_says() {
        Steering steering = Steering.byWeight(
                List.of(
                        node("a", 3, null, "192.0.2.1"),
                        node("b", 1, null, "192.0.2.2"),
                        node("c", 4, null, "192.0.2.3")),
                config(2));
        Map<String, Integer> firsts = new HashMap<>();
        for (int i = 0; i < 256; i++) {
            List<String> answer = texts(steering.addresses(Wire.TYPE_A, 0, i));
            assertThat(answer).hasSize(2).doesNotHaveDuplicates();
            firsts.merge(answer.getFirst(), 1, Integer::sum);
        }
        assertThat(firsts).isEqualTo(Map.of("192.0.2.1", 96, "192.0.2.2", 32, "192.0.2.3", 128));
    }

    @Test
    void the_second_choice_is_drawn_by_weight_too() {
        Steering steering = Steering.byWeight(
                List.of(
                        node("a", 1, null, "192.0.2.1"),
                        node("b", 1, null, "192.0.2.2"),
                        node("c", 8, null, "192.0.2.3")),
                config(2));
        Map<String, Integer> seconds = new HashMap<>();
        for (int i = 0; i < 256; i++) {
            List<String> answer = texts(steering.addresses(Wire.TYPE_A, 0, i));
            if (answer.getFirst().equals("192.0.2.1")) {
                seconds.merge(answer.get(1), 1, Integer::sum);
            }
        }
        assertThat((double) seconds.getOrDefault("192.0.2.3", 0) / 25.6).isCloseTo(8 / 9.0, within(0.25));
    }

    /** RFC 2181 section 5. */
    @Test
    void an_address_that_two_nodes_have_is_answered_once() {
        Steering steering = Steering.byWeight(
                List.of(
                        node("a", 1, null, "192.0.2.1", "192.0.2.1"),
                        node("b", 1, null, "192.0.2.1"),
                        node("c", 1, null, "192.0.2.3")),
                config(3));
        for (int i = 0; i < 256; i++) {
            assertThat(texts(steering.addresses(Wire.TYPE_A, 0, i)))
                    .containsExactlyInAnyOrder("192.0.2.1", "192.0.2.3");
        }
    }

    @Test
    void a_node_without_an_address_of_the_family_makes_nobody_miss_one() {
        Steering steering = Steering.byWeight(
                List.of(node("a", 9, null, "192.0.2.1"), node("b", 1, null, "192.0.2.2", "2001:db8::2")), config(1));
        for (int i = 0; i < 256; i++) {
            assertThat(texts(steering.addresses(Wire.TYPE_AAAA, 0, i))).containsExactly("2001:db8:0:0:0:0:0:2");
        }
        Steering none = Steering.byWeight(List.of(node("a", 1, null, "192.0.2.1")), config(1));
        assertThat(none.addresses(Wire.TYPE_AAAA, 0, 5)).isNull();
    }

    @Test
    void the_nearest_nodes_come_first_and_equals_share_by_weight() throws IOException {
        List<ServingNode> nodes = List.of(
                node("berlin-1", 1, BERLIN, "192.0.2.11"),
                node("berlin-2", 3, BERLIN, "192.0.2.12"),
                node("paris", 1, PARIS, "192.0.2.21"),
                node("tokyo", 1, TOKYO, "192.0.2.31"),
                node("somewhere", 1, null, "192.0.2.41"));
        GeoPlaces geo = places(new GeoFileWriter(28, true)
                .with("198.51.100.0/24", LYON)
                .with("203.0.113.0/25", new Location(35, 139))
                .with("2001:db8:1::/48", new Location(52.4, 13)));
        Steering steering = Steering.nearest(nodes, config(2), geo);
        assertThat(steering.isByPlace()).isTrue();

        long lyon = steering.kind(false, 0, ipv4("198.51.100.9"));
        assertThat(Steering.prefixOf(lyon)).isEqualTo(24);
        Map<List<String>, Integer> answers = all(steering, lyon);
        assertThat(answers.keySet())
                .containsExactlyInAnyOrder(List.of("192.0.2.21", "192.0.2.11"), List.of("192.0.2.21", "192.0.2.12"));
        assertThat(answers.get(List.of("192.0.2.21", "192.0.2.12")))
                .isGreaterThan(answers.get(List.of("192.0.2.21", "192.0.2.11")));

        long japan = steering.kind(false, 0, ipv4("203.0.113.100"));
        assertThat(all(steering, japan).keySet())
                .allMatch(answer -> answer.getFirst().equals("192.0.2.31"));
        assertThat(Steering.prefixOf(japan)).isEqualTo(25);

        long berlin = steering.kind(true, 0x20010db800010000L, 1);
        Map<String, Integer> firsts = new HashMap<>();
        all(steering, berlin).forEach((answer, times) -> firsts.merge(answer.getFirst(), times, Integer::sum));
        assertThat(firsts).isEqualTo(Map.of("192.0.2.11", 64, "192.0.2.12", 192));
        assertThat(Steering.prefixOf(berlin)).isEqualTo(48);

        long unknown = steering.kind(false, 0, ipv4("203.0.113.200"));
        Map<String, Integer> anyFirst = new HashMap<>();
        all(steering, unknown).forEach((answer, times) -> anyFirst.merge(answer.getFirst(), times, Integer::sum));
        assertThat(anyFirst).hasSize(5);
    }

    @Test
    void a_family_that_few_or_no_nodes_have_leaves_no_place_without_its_nearest_node() throws IOException {
        Random random = new Random(1);
        List<ServingNode> nodes = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            nodes.add(node("n" + i, 1, anywhere(random), "192.0.2." + i));
        }
        List<ServingNode> withIpv6 = new ArrayList<>(nodes);
        withIpv6.add(node("v6", 1, TOKYO, "2001:db8::1"));
        GeoFileWriter writer = new GeoFileWriter(28, false);
        List<Location> places = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            places.add(anywhere(random));
            writer.with("10." + (i >> 8) + "." + (i & 0xff) + ".0/24", places.getLast());
        }
        GeoPlaces geo = places(writer);
        for (List<ServingNode> serving : List.of(nodes, withIpv6)) {
            Steering steering = Steering.nearest(serving, config(2), geo);
            for (int i = 0; i < PLACES; i++) {
                long kind = steering.kind(false, 0, ipv4("10." + (i >> 8) + "." + (i & 0xff) + ".1"));
                assertThat(texts(steering.addresses(Wire.TYPE_A, kind, i)).getFirst())
                        .isEqualTo(nearest(nodes, places.get(i)));
            }
        }
    }

    private static Location anywhere(Random random) {
        return new Location(random.nextInt(-600, 700) / 10.0, random.nextInt(-1800, 1800) / 10.0);
    }

    private static String nearest(List<ServingNode> nodes, Location client) {
        return nodes.stream()
                .min(Comparator.comparingDouble(
                        node -> client.kilometresTo(node.location().orElseThrow())))
                .map(node -> node.addresses().getFirst().getHostAddress())
                .orElseThrow();
    }

    private static Map<List<String>, Integer> all(Steering steering, long kind) {
        Map<List<String>, Integer> answers = new HashMap<>();
        for (int i = 0; i < 256; i++) {
            answers.merge(texts(steering.addresses(Wire.TYPE_A, kind, i)), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void the_edges_own_addresses_are_answered_while_no_node_serves_and_changes_show_at_once() {
        ServingNodes nodes = new ServingNodes(List.of());
        AnswerConfig answers =
                AnswerConfig.DEFAULTS.withEdge(List.of((Inet4Address) InetAddress.ofLiteral("203.0.113.7")), List.of());
        CurrentSteering steering = CurrentSteering.byNodes(answers, config(2), nodes);
        assertThat(now(steering)).containsExactly("203.0.113.7");
        nodes.set(List.of(node("b", 1, null, "192.0.2.2")));
        assertThat(now(steering)).containsExactly("192.0.2.2");
        nodes.set(List.of(node("b", 1, null, "192.0.2.2"), node("a", 1, null, "192.0.2.1")));
        assertThat(now(steering)).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
        nodes.set(List.of());
        assertThat(now(steering)).containsExactly("203.0.113.7");
    }

    @Test
    void another_geoip_file_is_taken_when_it_is_looked_for_and_a_broken_one_is_not() throws IOException {
        Path file = folder.resolve("geo.mmdb");
        place(file, new GeoFileWriter(24, false).with("198.51.100.0/24", LYON).bytes());
        ServingNodes nodes =
                new ServingNodes(List.of(node("berlin", 1, BERLIN, "192.0.2.1"), node("tokyo", 1, TOKYO, "192.0.2.3")));
        CurrentSteering steering =
                CurrentSteering.byNodes(AnswerConfig.DEFAULTS, config(1).withGeoFile(file), nodes);
        assertThat(steering.checkMs()).isPositive();
        assertThat(steering.get().isByPlace()).isFalse();
        steering.checkFile();
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.1");

        place(
                file,
                new GeoFileWriter(24, false)
                        .with("198.51.100.0/24", new Location(34, 135))
                        .bytes());
        steering.checkFile();
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.3");

        place(file, new byte[] {1, 2, 3, 4});
        steering.checkFile();
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.3");
        Files.delete(file);
        steering.checkFile();
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.3");
    }

    @Test
    void what_a_geoip_file_said_is_answered_on_when_it_is_written_over_or_cut_off_in_its_place() throws IOException {
        Path file = folder.resolve("geo.mmdb");
        byte[] whole =
                new GeoFileWriter(24, false).with("198.51.100.0/24", LYON).bytes();
        place(file, whole);
        ServingNodes nodes =
                new ServingNodes(List.of(node("berlin", 1, BERLIN, "192.0.2.1"), node("tokyo", 1, TOKYO, "192.0.2.3")));
        CurrentSteering steering =
                CurrentSteering.byNodes(AnswerConfig.DEFAULTS, config(1).withGeoFile(file), nodes);
        steering.checkFile();

        for (byte[] garbage : List.of(new byte[whole.length], new byte[0])) {
            Files.write(file, garbage);
            assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.1");
            steering.checkFile();
            assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.1");
        }
    }

    @Test
    void a_node_that_leaves_is_answered_no_more_while_the_nearest_are_still_looked_for() throws IOException {
        Path file = folder.resolve("geo.mmdb");
        place(file, new GeoFileWriter(24, false).with("198.51.100.0/24", LYON).bytes());
        ServingNode berlin = node("berlin", 1, BERLIN, "192.0.2.1");
        ServingNode tokyo = node("tokyo", 1, TOKYO, "192.0.2.3");
        ServingNode paris = node("paris", 1, PARIS, "192.0.2.2");
        ServingNodes nodes = new ServingNodes(List.of(berlin, tokyo));
        Deque<Runnable> searches = new ArrayDeque<>();
        CurrentSteering steering =
                CurrentSteering.byNodes(AnswerConfig.DEFAULTS, config(1).withGeoFile(file), nodes, searches::add);
        steering.checkFile();
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.1");

        nodes.set(List.of(tokyo, paris));
        assertThat(steering.get().isByPlace()).isFalse();
        assertThat(all(steering.get(), 0).keySet())
                .containsExactlyInAnyOrder(List.of("192.0.2.2"), List.of("192.0.2.3"));
        nodes.set(List.of(tokyo));
        assertThat(all(steering.get(), 0).keySet()).containsExactly(List.of("192.0.2.3"));
        nodes.set(List.of(tokyo, paris));

        while (!searches.isEmpty()) {
            searches.remove().run();
            assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.2");
        }
        assertThat(steering.get().isByPlace()).isTrue();
    }

    @Test
    void the_nearest_are_found_on_a_thread_beside() throws IOException {
        Path file = folder.resolve("geo.mmdb");
        place(file, new GeoFileWriter(24, false).with("198.51.100.0/24", LYON).bytes());
        ServingNodes nodes = new ServingNodes(List.of());
        CurrentSteering steering =
                CurrentSteering.byNodes(AnswerConfig.DEFAULTS, config(1).withGeoFile(file), nodes);
        steering.checkFile();
        nodes.set(List.of(node("berlin", 1, BERLIN, "192.0.2.1"), node("tokyo", 1, TOKYO, "192.0.2.3")));
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!steering.get().isByPlace() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.1");
    }

    /** The table is made for many places, and the nodes change while it is. */
    @Test
    void what_was_found_for_nodes_that_are_others_by_now_is_thrown_away() throws Exception {
        Path file = folder.resolve("geo.mmdb");
        GeoFileWriter writer = new GeoFileWriter(28, false);
        for (int i = 0; i < 20_000; i++) {
            writer.with("10." + i / 256 + "." + i % 256 + ".0/24", new Location(i % 170 - 85, i % 350 - 175 + i / 1e6));
        }
        place(file, writer.with("198.51.100.0/24", LYON).bytes());
        ServingNode berlin = node("berlin", 1, BERLIN, "192.0.2.1");
        ServingNode tokyo = node("tokyo", 1, TOKYO, "192.0.2.3");
        ServingNodes nodes = new ServingNodes(List.of(berlin));
        CurrentSteering steering =
                CurrentSteering.byNodes(AnswerConfig.DEFAULTS, config(1).withGeoFile(file), nodes);
        steering.checkFile();
        for (int i = 0; i < 50; i++) {
            nodes.set(List.of(berlin, tokyo));
            nodes.set(List.of(tokyo));
            assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.3");
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!steering.get().isByPlace() && System.nanoTime() < end) {
            assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.3");
        }
        assertThat(steering.get().isByPlace()).isTrue();
        assertThat(of(steering, "198.51.100.1")).containsExactly("192.0.2.3");
    }

    @Test
    void a_geoip_file_that_cannot_be_used_stops_the_start_with_its_reason() throws IOException {
        Path missing = folder.resolve("none.mmdb");
        assertThatThrownBy(() -> byNodes(missing))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.mmdb cannot be used: it is not there");
        Path countries = folder.resolve("countries.mmdb");
        Files.write(
                countries,
                new GeoFileWriter(24, true)
                        .with("192.0.2.0/24", Map.of("country", Map.of("iso_code", "DE")))
                        .bytes());
        assertThatThrownBy(() -> byNodes(countries)).hasMessageContaining("has no locations; one of cities is needed");
    }

    private static CurrentSteering byNodes(Path file) {
        return CurrentSteering.byNodes(AnswerConfig.DEFAULTS, config(1).withGeoFile(file), new ServingNodes(List.of()));
    }

    private static void place(Path file, byte[] bytes) throws IOException {
        Path next = file.resolveSibling("next");
        Files.write(next, bytes);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static GeoPlaces places(GeoFileWriter writer) throws IOException {
        return GeoPlaces.of(GeoFile.of(java.lang.foreign.MemorySegment.ofArray(writer.bytes())));
    }

    private static List<String> now(CurrentSteering steering) {
        return texts(steering.get().addresses(Wire.TYPE_A, 0, 0));
    }

    private static List<String> of(CurrentSteering steering, String client) {
        Steering now = steering.get();
        return texts(now.addresses(Wire.TYPE_A, now.kind(false, 0, ipv4(client)), 0));
    }

    private static long ipv4(String address) {
        return java.nio.ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress())
                        .getInt()
                & 0xffff_ffffL;
    }

    private static List<String> texts(@Nullable RrSet set) {
        List<String> texts = new ArrayList<>();
        byte[] records = java.util.Objects.requireNonNull(set).plain();
        for (int at = 0; at < records.length; at += 12 + Wire.u16(records, at + 10)) {
            byte[] address = Arrays.copyOfRange(records, at + 12, at + 12 + Wire.u16(records, at + 10));
            try {
                texts.add(InetAddress.getByAddress(address).getHostAddress());
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
        return texts;
    }
}
