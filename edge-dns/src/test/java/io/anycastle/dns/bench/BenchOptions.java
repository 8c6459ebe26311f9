package io.anycastle.dns.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the user asked for.
 *
 * @param out the folder for everything that is written
 * @param tickHz clock ticks of the kernel in a second
 * @param seconds of each measurement
 * @param warmUpSeconds for ours, with each set; the others get one
 * @param window queries under way at a time
 * @param rate queries a second of the sets that do not wait for answers
 * @param port the first of the ports that servers take
 */
record BenchOptions(
        Path out,
        long tickHz,
        Set<BenchSet> sets,
        Set<Contestant> contestants,
        int rounds,
        double seconds,
        double warmUpSeconds,
        int window,
        int rate,
        int port) {

    private static final Set<Contestant> USUAL =
            EnumSet.complementOf(EnumSet.of(Contestant.UNGUARDED, Contestant.EPOLL, Contestant.NIO));

    private static final Set<BenchSet> OVER_LIMITS =
            EnumSet.of(BenchSet.OVER_HITS, BenchSet.OVER_RANDOM, BenchSet.OVER_REFERRALS, BenchSet.OVER_REFUSED);

    static BenchOptions of(List<String> arguments) {
        BenchOptions options = new BenchOptions(
                Path.of(arguments.get(0)),
                Long.parseLong(arguments.get(1)),
                EnumSet.complementOf(EnumSet.copyOf(OVER_LIMITS)),
                USUAL,
                3,
                5,
                8,
                128,
                50_000,
                5390);
        for (int i = 2; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) {
                throw usage();
            }
            options = options.with(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private BenchOptions with(String option, String value) {
        return switch (option) {
            case "--sets" ->
                withSets(value.equals("over-limit") ? OVER_LIMITS : listed(BenchSet.class, value, BenchSet::title));
            case "--servers" -> {
                Set<Contestant> listed = listed(Contestant.class, value, Contestant::title);
                listed.add(Contestant.FLOOR);
                yield withContestants(listed);
            }
            case "--rounds" -> withRounds((int) positive(value), seconds, warmUpSeconds);
            case "--seconds" -> withRounds(rounds, positive(value), warmUpSeconds);
            case "--warm-up" -> withRounds(rounds, seconds, positive(value));
            case "--window" -> withLoad((int) positive(value), rate, port);
            case "--rate" -> withLoad(window, (int) positive(value), port);
            case "--port" -> withLoad(window, rate, (int) positive(value));
            default -> throw usage();
        };
    }

    private BenchOptions withSets(Set<BenchSet> other) {
        return new BenchOptions(out, tickHz, other, contestants, rounds, seconds, warmUpSeconds, window, rate, port);
    }

    private BenchOptions withContestants(Set<Contestant> other) {
        return new BenchOptions(out, tickHz, sets, other, rounds, seconds, warmUpSeconds, window, rate, port);
    }

    private BenchOptions withRounds(int otherRounds, double each, double warmUp) {
        return new BenchOptions(out, tickHz, sets, contestants, otherRounds, each, warmUp, window, rate, port);
    }

    private BenchOptions withLoad(int underWay, int perSecond, int firstPort) {
        return new BenchOptions(
                out, tickHz, sets, contestants, rounds, seconds, warmUpSeconds, underWay, perSecond, firstPort);
    }

    private static <E extends Enum<E>> Set<E> listed(Class<E> type, String value, Function<E, String> title) {
        Set<E> listed = EnumSet.noneOf(type);
        for (String name : value.split(",")) {
            listed.add(Arrays.stream(type.getEnumConstants())
                    .filter(e -> title.apply(e).equals(name.strip()))
                    .findFirst()
                    .orElseThrow(BenchOptions::usage));
        }
        return listed;
    }

    private static double positive(String value) {
        try {
            double number = Double.parseDouble(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw usage();
    }

    private static IllegalArgumentException usage() {
        return new IllegalArgumentException("""
                usage: run.sh [--sets LIST] [--servers LIST] [--rounds 3] [--seconds 5] [--warm-up 8] [--window 128] [--rate 50000] [--port 5390]
                  sets     %s;
                           by default all but those of limits (over-...), which "over-limit" names together
                  servers  %s;
                           by default all but unguarded, epoll and nio. The floor always takes part where answers are waited for.""".formatted(
                        titles(BenchSet.values(), BenchSet::title), titles(Contestant.values(), Contestant::title)));
    }

    private static <E> String titles(E[] all, Function<E, String> title) {
        return Arrays.stream(all).map(title).collect(Collectors.joining(","));
    }
}
