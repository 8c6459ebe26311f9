package io.anycastle.dns.bench;

import io.anycastle.dns.bench.BenchSet.Load;
import io.anycastle.dns.bench.BenchSet.Way;
import io.anycastle.dns.bench.Contestant.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures what a DNS query costs us, the peers that are installed and the C floor, in interleaved rounds. {@code src/bench/run.sh}
 * builds what this needs and starts it; {@code src/bench/README.md} tells how to read what it prints.
 */
public final class DnsBench {
    private static final long START_WAIT_NANOS = 90_000_000_000L;
    private static final double TRY_SECONDS = 0.2;
    private static final int PAUSE_MS = 200;
    private static final int WARM_UPS_MAX = 20;

    private final BenchOptions options;
    private final BenchResults results;
    private final Generator generator;
    private int nextPort;

    private DnsBench(BenchOptions options) {
        this.options = options;
        results = new BenchResults(options);
        generator = new Generator(options.window(), options.rate());
        nextPort = options.port();
    }

    /** Arguments: the folder for everything that is written, the kernel's clock ticks a second, then the user's options. */
    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.of(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("run.sh: " + e.getMessage());
            System.exit(2);
            return;
        }
        new DnsBench(options).run();
    }

    private void run() throws Exception {
        Path data = options.out().resolve("data");
        Path complete = data.resolve("complete-2"); // counted up when the data change
        if (!Files.exists(complete)) {
            BenchZones.write(data);
            Files.createFile(complete);
        }
        try {
            for (Load load : Load.values()) {
                Set<BenchSet> sets = options.sets().stream()
                        .filter(set -> set.load == load)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(BenchSet.class)));
                if (!sets.isEmpty()) {
                    measure(data, load, sets);
                }
            }
        } finally {
            results.print(); // what was measured until something failed, too
            System.out.printf(Locale.ROOT, "counting an answer takes %.1f ns%n", Counting.nanos());
        }
    }

    private void measure(Path data, Load load, Set<BenchSet> sets) throws Exception {
        List<ServerProcess> servers = new ArrayList<>();
        Thread atExit = new Thread(() -> servers.forEach(ServerProcess::close));
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            for (Contestant contestant : options.contestants()) {
                if (contestant.isInstalled() && sets.stream().anyMatch(contestant::canRun)) {
                    Place place = new Place(options.out(), data, load, nextPort++, nextPort++);
                    servers.add(new ServerProcess(contestant, place));
                }
            }
            for (ServerProcess server : servers) {
                awaitAnswers(server, sets.iterator().next());
            }
            for (ServerProcess server : servers) {
                warmUp(server, sets);
            }
            for (int round = 1; round <= options.rounds(); round++) {
                for (BenchSet set : sets) {
                    for (ServerProcess server : servers) {
                        if (server.contestant.canRun(set)) {
                            measure(server, set, round);
                        }
                    }
                }
            }
        } finally {
            servers.forEach(ServerProcess::close);
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }

    private void awaitAnswers(ServerProcess server, BenchSet set) throws Exception {
        BenchSet byUdp = set.way == Way.UDP ? set : BenchSet.HITS; // of a limit, the first answer is never over it
        long start = System.nanoTime();
        while (!server.isReady() || generator.ask(server, byUdp, TRY_SECONDS).answers() == 0) {
            server.check();
            if (System.nanoTime() - start > START_WAIT_NANOS) {
                throw new IOException(server.contestant.title() + " does not answer; see " + server.log());
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    private void warmUp(ServerProcess server, Set<BenchSet> sets) throws Exception {
        for (BenchSet set : sets) {
            if (server.contestant.canRun(set)) {
                generator.ask(server, set, server.contestant.isOurs() ? options.warmUpSeconds() : 1);
                if (set.way == Way.OPEN) {
                    warmUpToRate(server, set);
                }
            }
        }
    }

    /** Until it takes up all that comes at the rate, which nobody slows down for it. */
    private void warmUpToRate(ServerProcess server, BenchSet set) throws Exception {
        for (int i = 0; i < WARM_UPS_MAX; i++) {
            String before = server.counters();
            Generator.Report report = generator.ask(server, set, 1);
            if (Fate.between(before, server.counters()).received() == report.sent()) {
                return;
            }
        }
    }

    private void measure(ServerProcess server, BenchSet set, int round) throws Exception {
        boolean tells = set.way == Way.OPEN;
        String countersBefore = tells ? server.counters() : "";
        long before = server.cpuNanos(options.tickHz());
        Generator.Report report = generator.ask(server, set, options.seconds());
        long cpuNanos = server.cpuNanos(options.tickHz()) - before;
        server.check();
        Fate fate = tells ? Fate.between(countersBefore, server.counters()) : Fate.UNKNOWN;
        results.add(set, server.contestant, new BenchResults.Round(round, cpuNanos, report, fate));
    }
}
