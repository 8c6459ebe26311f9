package io.anycastle.dns.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same questions to us, BIND, Knot DNS and NSD, all serving the same zones: the answers are equal, or differ in a way that {@link
 * Difference} names. {@code -Ddifferential.seed=} repeats a run, {@code -Ddifferential.questions=} and {@code -Ddifferential.zones=}
 * lengthen it.
 */
class DifferentialIT {
    private static final long SEED = Long.getLong("differential.seed", 1);
    private static final int QUESTIONS = Integer.getInteger("differential.questions", 2_500);
    private static final int ODD_ZONES = Integer.getInteger("differential.zones", 400);
    private static final int ODD_QUESTIONS = 12;
    private static final int TOLD_MAX = 20;
    private static final List<String> ODD_SERVERS = List.of("ns1.example.net", "ns2.example.net");

    @TempDir
    static Path folder;

    private static final List<PeerServer> PEERS = new ArrayList<>();
    private static final Vertx VERTX = Vertx.vertx();
    private static PeerZones zones;
    private static final Map<OddZone, PeerZones.Loaded> ODD = new LinkedHashMap<>();
    private static Set<String> names;
    private static QuerySource ours;

    private final List<String> unexplained = new ArrayList<>();
    private final Map<Difference, Integer> explained = new EnumMap<>(Difference.class);

    /** Octets of our answers and of the peer's, where they are equal. */
    private final Map<Peer, long[]> sizes = new EnumMap<>(Peer.class);

    private int asked;

    @BeforeAll
    static void start() throws Exception {
        String missing = Arrays.stream(Peer.values())
                .filter(peer -> peer.installed().isEmpty())
                .map(Peer::program)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            System.out.println("The comparison with BIND, Knot DNS and NSD is skipped; not installed: " + missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), "not installed: " + missing);
        System.out.println("The comparison's seed is " + SEED + "; -Ddifferential.seed=" + SEED + " replays it.");
        zones = PeerZones.all(SEED);
        names = zones.states().keySet().stream().map(name -> name + ".").collect(Collectors.toSet());
        Map<String, Path> files = zones.export(folder);
        Map<String, Path> oddFiles = makeOdd();
        for (Peer peer : Peer.values()) {
            PEERS.add(PeerServer.start(peer, folder.resolve(peer.program()), files, oddFiles));
        }
        CurrentView view = new CurrentView();
        ODD.values()
                .forEach(odd -> odd.state()
                        .ifPresent(zone -> view.update(zone, zone.names().keySet())));
        zones.states().values().forEach(zone -> view.update(zone, zone.names().keySet()));
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0)))
                .withGuard(GuardConfig.DEFAULTS.withRateLimit(RateLimitConfig.DEFAULTS.withRates(0)));
        DnsService service = DnsService.start(VERTX, config, view)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        ours = new QuerySource(service.listeners().getFirst().address());
    }

    private static Map<String, Path> makeOdd() throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (int i = 0; i < ODD_ZONES; i++) {
            OddZone odd = OddZone.made(SEED, i);
            ODD.put(odd, PeerZones.load(odd.name(), odd.text(), ODD_SERVERS));
            names.add(odd.name() + ".");
            String text = PeerZones.file(odd.name(), odd.text(), ODD_SERVERS);
            files.put(odd.name(), Files.writeString(folder.resolve("odd" + i + ".zone"), text, StandardCharsets.UTF_8));
        }
        return files;
    }

    @AfterAll
    static void stop() throws Exception {
        for (PeerServer peer : PEERS) {
            peer.close();
        }
        VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void answers_equal_those_of_the_peers_and_are_no_longer() throws IOException {
        for (ZoneState zone : zones.states().values()) {
            for (Question question : new DnsClient(SEED, zone).make(QUESTIONS)) {
                compare(question);
            }
        }
        System.out.println(asked + " questions to each server; wanted differences:");
        explained.forEach((difference, count) -> System.out.println("  " + count + " " + difference));
        sizes.forEach((peer, size) ->
                System.out.println("  equal answers, octets: ours " + size[0] + ", " + peer + " " + size[1]));
        assertThat(unexplained.stream().limit(TOLD_MAX))
                .as("%s answers differ and nothing says why", unexplained.size())
                .isEmpty();
        assertThat(explained.keySet())
                .as("differences that are no more leave the list")
                .hasSameSizeAs(Difference.values());
        assertThat(sizes)
                .hasSameSizeAs(Peer.values())
                .allSatisfy((peer, size) -> assertThat(size[0]).isLessThanOrEqualTo(size[1] + size[1] / 100));
    }

    /** Where the peers differ among themselves, in loops above all, we answer as NSD does. */
    @Test
    void small_odd_zones_that_all_peers_load_and_answer_alike_are_loaded_and_answered_so_here() throws Exception {
        Set<String> served = ODD.keySet().stream().map(OddZone::name).collect(Collectors.toSet());
        for (PeerServer peer : PEERS) {
            served = peer.served(served);
        }
        List<String> refused = new ArrayList<>();
        for (OddZone odd : ODD.keySet()) {
            if (served.contains(odd.name())) {
                PeerZones.Loaded loaded = ODD.get(odd);
                if (loaded.state().isPresent()) {
                    for (Question question : odd.questions(SEED, ODD_QUESTIONS)) {
                        compareOdd(odd, question);
                    }
                } else if (areAlike(odd)) {
                    refused.add(loaded.refusals() + ":\n" + odd.text());
                }
            }
        }
        System.out.println(served.size() + " of " + ODD_ZONES + " odd zones are loaded by all peers; " + asked
                + " questions to each server; wanted differences:");
        explained.forEach((difference, count) -> System.out.println("  " + count + " " + difference));
        assertThat(served).as("zones that all peers load").hasSizeGreaterThan(ODD_ZONES / 4);
        assertThat(refused.stream().limit(TOLD_MAX))
                .as("%s zones are refused that all peers load and answer alike", refused.size())
                .isEmpty();
        assertThat(unexplained.stream().limit(TOLD_MAX))
                .as("%s answers differ and nothing says why", unexplained.size())
                .isEmpty();
    }

    private static boolean areAlike(OddZone odd) throws IOException {
        for (Question question : odd.questions(SEED, ODD_QUESTIONS)) {
            if (!areAlike(others(question).values())) {
                return false;
            }
        }
        return true;
    }

    private static boolean areAlike(Collection<Told> answers) {
        return answers.stream()
                        .map(told -> List.of(told.rcode(), told.answer()))
                        .distinct()
                        .count()
                == 1;
    }

    private void compareOdd(OddZone odd, Question question) throws IOException {
        asked++;
        byte[] answer = ours.ask(question);
        Told told = Told.of(answer);
        Map<Peer, Told> others = others(question);
        int before = unexplained.size();
        if (Told.repeatsRecords(answer)) {
            unexplained.add("a record stands twice: " + question + "\n  ours: " + told);
        }
        boolean areAlike = areAlike(others.values());
        others.forEach((peer, theirs) -> {
            if (areAlike || peer == Peer.NSD) {
                judge(new Exchange(peer, question, told, theirs, others, names));
            }
        });
        if (unexplained.size() > before) {
            unexplained.add("  in the zone\n" + odd.text());
        }
    }

    private static Map<Peer, Told> others(Question question) throws IOException {
        Map<Peer, Told> others = new EnumMap<>(Peer.class);
        for (PeerServer peer : PEERS) {
            others.put(peer.peer(), Told.of(peer.source().ask(question)));
        }
        return others;
    }

    private void compare(Question question) throws IOException {
        asked++;
        Told told = Told.of(ours.ask(question));
        Map<Peer, Told> others = others(question);
        others.forEach((peer, theirs) -> judge(new Exchange(peer, question, told, theirs, others, names)));
    }

    private void judge(Exchange exchange) {
        if (exchange.isSame()) {
            long[] size = sizes.computeIfAbsent(exchange.peer(), _ -> new long[2]);
            size[0] += exchange.ours().octets();
            size[1] += exchange.theirs().octets();
            return;
        }
        Exchange left = exchange.with(Difference.withoutApexServers(exchange));
        Optional<Difference> kind = left.isSame()
                ? Optional.of(Difference.APEX_NS)
                : Arrays.stream(Difference.values())
                        .filter(difference -> difference != Difference.APEX_NS && difference.explains(left))
                        .findFirst();
        kind.ifPresentOrElse(
                known -> explained.merge(known, 1, Integer::sum), () -> unexplained.add(exchange.toString()));
    }
}
