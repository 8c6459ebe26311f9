package io.anycastle.dns.bench;

import io.anycastle.dns.bench.BenchSet.Way;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What was measured, and its tables: every ratio is made inside one round, and the median of the rounds is shown. */
final class BenchResults {
    private final BenchOptions options;
    private final Map<BenchSet, Map<Contestant, List<Round>>> sets = new TreeMap<>();

    BenchResults(BenchOptions options) {
        this.options = options;
    }

    /** A measurement of one server in one round. */
    record Round(int number, long cpuNanos, Generator.Report report, Fate fate) {
        double microsPerAnswer() {
            return cpuNanos / 1e3 / Math.max(1, report.answers());
        }

        double microsPerQuery() {
            return cpuNanos / 1e3 / Math.max(1, report.sent());
        }
    }

    void add(BenchSet set, Contestant contestant, Round round) {
        sets.computeIfAbsent(set, _ -> new LinkedHashMap<>())
                .computeIfAbsent(contestant, _ -> new ArrayList<>())
                .add(round);
    }

    void print() {
        sets.forEach((set, servers) -> {
            say("");
            if (set.way == Way.OPEN) {
                printOpen(set, servers);
            } else {
                print(set, servers);
            }
        });
        say("");
        summary();
        missing();
        strays();
        losers();
    }

    private void print(BenchSet set, Map<Contestant, List<Round>> servers) {
        boolean paced = set.way == Way.PACED;
        boolean floor = servers.containsKey(Contestant.FLOOR);
        String ratio = paced ? "p99.9 x floor" : floor ? "x floor" : "x anycastle";
        say(
                "%-18s %12s %14s %12s %10s %10s %8s",
                set.title(), "CPU us/query", ratio, "answers/s", "p50 us", "p99.9 us", "lost");
        servers.forEach((server, rounds) -> say(
                "%-18s %12.2f %14s %12.0f %10.0f %10.0f %8d",
                "  " + server.title(),
                median(rounds, Round::microsPerAnswer),
                ratio(set, server),
                median(rounds, round -> round.report().perSecond()),
                median(rounds, round -> round.report().p50Micros()),
                median(rounds, round -> round.report().p999Micros()),
                lost(rounds)));
    }

    private void printOpen(BenchSet set, Map<Contestant, List<Round>> servers) {
        say(
                "%-18s %12s %14s %15s %12s %10s %10s %8s",
                set.title(), "CPU us/query", "x anycastle", "least to most", "queries/s", "short", "withheld", "lost");
        servers.forEach((server, rounds) -> say(
                "%-18s %12.2f %14s %15s %12.0f %9.1f%% %9.1f%% %8d",
                "  " + server.title(),
                median(rounds, Round::microsPerQuery),
                ratio(set, server),
                spread(ratios(set, server)),
                median(rounds, round -> round.report().perSecond()),
                median(rounds, round -> percent(round.fate().shortened(), round)),
                median(rounds, round -> percent(round.fate().withheld(), round)),
                rounds.stream()
                        .mapToLong(round -> round.report().sent() - round.fate().received())
                        .sum()));
    }

    private static double percent(long queries, Round round) {
        return 100.0 * queries / Math.max(1, round.report().sent());
    }

    private static String spread(double[] ratios) {
        return ratios.length == 0
                ? "-"
                : "%.2f to %.2f"
                        .formatted(
                                Arrays.stream(ratios).min().getAsDouble(),
                                Arrays.stream(ratios).max().getAsDouble());
    }

    /** One line for each server, one column for each set. */
    private void summary() {
        say(
                "%-18s %s",
                "ratios",
                sets.keySet().stream().map(set -> "%14s".formatted(set.title())).collect(Collectors.joining()));
        for (Contestant contestant : options.contestants()) {
            if (sets.values().stream().anyMatch(servers -> servers.containsKey(contestant))) {
                say(
                        "%-18s %s",
                        "  " + contestant.title(),
                        sets.keySet().stream()
                                .map(set -> "%14s".formatted(ratio(set, contestant)))
                                .collect(Collectors.joining()));
            }
        }
    }

    private String ratio(BenchSet set, Contestant contestant) {
        double[] ratios = ratios(set, contestant);
        return ratios.length == 0 ? "-" : "%.2f".formatted(median(ratios));
    }

    /** One for each round; none without something to compare with. */
    private double[] ratios(BenchSet set, Contestant contestant) {
        Map<Contestant, List<Round>> servers = sets.getOrDefault(set, Map.of());
        Contestant base = servers.containsKey(Contestant.FLOOR) ? Contestant.FLOOR : Contestant.ANYCASTLE;
        List<Round> rounds = servers.getOrDefault(contestant, List.of());
        List<Round> baseRounds = servers.getOrDefault(base, List.of());
        if (baseRounds.isEmpty()) {
            return new double[0];
        }
        ToDoubleFunction<Round> figure = switch (set.way) {
            case PACED -> round -> round.report().p999Micros();
            case OPEN -> Round::microsPerQuery;
            case UDP, TCP, DOT -> Round::microsPerAnswer;
        };
        return rounds.stream()
                .mapToDouble(round -> figure.applyAsDouble(round) / figure.applyAsDouble(same(baseRounds, round)))
                .toArray();
    }

    private static Round same(List<Round> rounds, Round as) {
        return rounds.stream()
                .filter(round -> round.number() == as.number())
                .findFirst()
                .orElseThrow();
    }

    private void missing() {
        String missing = options.contestants().stream()
                .filter(contestant -> !contestant.isInstalled())
                .map(Contestant::title)
                .collect(Collectors.joining(", "));
        say(missing.isEmpty() ? "no server is missing" : "not installed, so not measured: " + missing);
    }

    private void losers() {
        Map<Contestant, Long> lost = new TreeMap<>();
        sets.values()
                .forEach(servers -> servers.forEach((server, rounds) -> lost.merge(server, lost(rounds), Long::sum)));
        lost.values().removeIf(queries -> queries == 0);
        lost.forEach((server, queries) ->
                say("%s lost %d queries: its figures do not compare with the others", server.title(), queries));
        if (lost.isEmpty()) {
            say("no server lost a query");
        }
    }

    /** Where limits were measured, tells what did not happen as it was meant to. */
    private void strays() {
        sets.forEach((set, servers) -> {
            if (set.way == Way.OPEN) {
                servers.forEach((server, rounds) -> rounds.stream()
                        .filter(round -> !round.fate().isAsMeant(server, set, round.report()))
                        .forEach(round -> say(
                                "%s of %s in round %d was not as meant: %s, %s",
                                set.title(), server.title(), round.number(), round.report(), round.fate())));
            }
        });
    }

    private static long lost(List<Round> rounds) {
        return rounds.stream().mapToLong(round -> round.report().lost()).sum();
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return median(rounds.stream().mapToDouble(figure).toArray());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
