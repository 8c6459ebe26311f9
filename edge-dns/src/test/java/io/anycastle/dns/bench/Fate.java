package io.anycastle.dns.bench;

import io.anycastle.dns.guard.GuardEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a server of ours did with the queries of a measurement, by its own counters.
 *
 * @param answered sent an answer, a short one too
 * @param over over a limit; of them so many were answered short and so many not at all
 * @param spared of those not answered, how many would have been answered short, had there not been enough of these
 * @param truncated sent with TC; of short answers those that are no errors
 */
record Fate(long answered, long over, long shortened, long withheld, long spared, long truncated) {
    /** Of a server that does not tell. */
    static final Fate UNKNOWN = new Fate(0, 0, 0, 0, 0, 0);

    private static final String HEAD = "counters";

    /** The first answer about each subject is not over its limit. */
    private static final double OVER_MIN = 0.95;

    private static final double SLIP_SLACK = 0.02;

    /** A second's worth may go at once. */
    private static final double SHORT_SLACK_SECONDS = 1.1;

    /** The counters as a server prints them. */
    static String line(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" ", HEAD + " ", ""));
    }

    static boolean isLine(String line) {
        return line.startsWith(HEAD + " ");
    }

    /** From the first line to the second. */
    static Fate between(String first, String second) {
        Map<String, Long> before = parse(first);
        Map<String, Long> after = parse(second);
        after.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
        return new Fate(
                sum(after, "answers.udp."),
                sum(after, "ratelimit.")
                        - of(after, GuardEvent.RATELIMIT_SHORTENED)
                        - of(after, GuardEvent.RATELIMIT_WITHHELD)
                        - of(after, GuardEvent.RATELIMIT_SHORT),
                of(after, GuardEvent.RATELIMIT_SHORTENED),
                of(after, GuardEvent.RATELIMIT_WITHHELD),
                of(after, GuardEvent.RATELIMIT_SHORT),
                after.getOrDefault("truncated", 0L));
    }

    private static Map<String, Long> parse(String line) {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (String word : line.substring(HEAD.length()).strip().split(" ")) {
            int equals = word.indexOf('=');
            counters.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
        }
        return counters;
    }

    private static long sum(Map<String, Long> counters, String prefix) {
        return counters.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long of(Map<String, Long> counters, GuardEvent event) {
        return counters.getOrDefault(event.counter(), 0L);
    }

    /** Queries that were taken up. */
    long received() {
        return answered + withheld;
    }

    /** Whether server and generator agree, and everything that was to be over the limit was, and was treated as it had to be. */
    boolean isAsMeant(Contestant contestant, BenchSet set, Generator.Report report) {
        boolean agree = received() == report.sent() && answered == report.answers() && truncated == report.truncated();
        if (!contestant.isOver()) {
            return agree && over == 0;
        }
        boolean isError = set == BenchSet.OVER_REFUSED && contestant.isOverKind(); // which is never sent short
        int slip = isError ? 0 : contestant.slip();
        double shortMeant = slip == 0 ? 0 : 1.0 / slip;
        double slack = slip <= 1 ? 0 : SLIP_SLACK;
        return agree
                && over >= OVER_MIN * report.sent()
                && shortened + withheld == over
                && Math.abs((double) (shortened + spared) / over - shortMeant) <= slack
                && isSparedAsMeant(contestant.shortMax(), report);
    }

    private boolean isSparedAsMeant(int shortMax, Generator.Report report) {
        double seconds = report.sent() / report.perSecond();
        return shortMax == 0 ? spared == 0 : shortened <= shortMax * (seconds + SHORT_SLACK_SECONDS);
    }
}
