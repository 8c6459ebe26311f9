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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
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
 * Difference} names. {@code -Ddifferential.seed=} repeats a run, {@code -Ddifferential.questions=} lengthens it.
 */
class DifferentialIT {
    private static final long SEED = Long.getLong("differential.seed", 1);
    private static final int QUESTIONS = Integer.getInteger("differential.questions", 2_500);
    private static final int TOLD_MAX = 20;

    @TempDir
    static Path folder;

    private static final List<PeerServer> PEERS = new ArrayList<>();
    private static final Vertx VERTX = Vertx.vertx();
    private static PeerZones zones;
    private static Set<String> names;
    private static Asker ours;

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
        for (Peer peer : Peer.values()) {
            PEERS.add(PeerServer.start(peer, folder.resolve(peer.program()), files));
        }
        CurrentView view = new CurrentView();
        zones.states().values().forEach(zone -> view.update(zone, zone.names().keySet()));
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0)))
                .withGuard(GuardConfig.DEFAULTS.withRateLimit(RateLimitConfig.DEFAULTS.withRates(0)));
        DnsService service = DnsService.start(VERTX, config, view)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        ours = new Asker(service.listeners().getFirst().address());
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
            for (Question question : new Questions(SEED, zone).make(QUESTIONS)) {
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

    private void compare(Question question) throws IOException {
        asked++;
        Told told = Told.of(ours.ask(question));
        Map<Peer, Told> others = new EnumMap<>(Peer.class);
        for (PeerServer peer : PEERS) {
            others.put(peer.peer(), Told.of(peer.asker().ask(question)));
        }
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
