package io.anycastle.dns.bench;

import io.anycastle.dns.bench.BenchSet.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server for a while from the second core: the C generators, and what they report. */
final class Generator {
    /** The connections that TCP and TLS use; each has as many queries under way as this many times make up the window. */
    static final int CONNECTIONS = 16;

    private static final int SOCKETS = 8;
    private static final int PACED_PER_SECOND = 20_000;

    /** Queries under way, over all sockets or connections. */
    private final int window;

    /** Queries per second where answers are not waited for. */
    private final int openPerSecond;

    Generator(int window, int openPerSecond) {
        this.window = window;
        this.openPerSecond = openPerSecond;
    }

    /**
     * What came back.
     *
     * @param sent queries
     * @param truncated answers with TC; 0 where the generator does not count them
     * @param lost queries without an answer, or refused; where answers are not waited for none is
     * @param perSecond answers; where they are not waited for, queries
     * @param p999Micros what 999 of 1,000 answers took at most; 0 where the generator does not measure it
     */
    record Report(
            long sent,
            long answers,
            long truncated,
            long lost,
            double perSecond,
            double p50Micros,
            double p999Micros) {}

    /** Asks the questions of a set. */
    Report ask(ServerProcess server, BenchSet set, double seconds) throws IOException, InterruptedException {
        String questions = server.place.data().resolve(set.questions()).toString();
        String out = server.place.out().toString();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "1"));
        int port = server.place.port();
        switch (set.way) {
            case UDP, PACED, OPEN ->
                command.addAll(List.of(out + "/dnsgen", "127.0.0.1", "" + port, questions, "" + seconds));
            case TCP -> command.addAll(List.of(out + "/dnstcp", "127.0.0.1", "" + port, questions, "" + seconds));
            case DOT ->
                command.addAll(
                        List.of(out + "/dnstls", "127.0.0.1", "" + server.place.tlsPort(), questions, "" + seconds));
        }
        switch (set.way) {
            case UDP -> command.addAll(List.of("" + window, "" + SOCKETS, "edns"));
            case PACED -> command.addAll(List.of("" + window, "" + SOCKETS, "edns", "" + PACED_PER_SECOND));
            case OPEN -> command.addAll(List.of("" + window, "" + SOCKETS, "edns", "" + openPerSecond, "open"));
            case TCP -> command.addAll(List.of("" + CONNECTIONS, "" + perConnection()));
            case DOT -> command.addAll(List.of("" + CONNECTIONS, "" + perConnection(), "tls"));
        }
        return run(command, set.way == Way.OPEN);
    }

    private int perConnection() {
        return Math.max(1, window / SOCKETS);
    }

    private static Report run(List<String> command, boolean isOpen) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
        // A server that refuses answers faster than one that looks.
        double lost = isOpen ? 0 : number(said, "lost") + number(said, "refused");
        return new Report(
                (long) (isOpen ? number(said, "sent") : numberIfTold(said, "sent")),
                (long) number(said, "recv"),
                (long) numberIfTold(said, "tc"),
                (long) lost,
                number(said, "qps"),
                numberIfTold(said, "p50_us"),
                numberIfTold(said, "p999_us"));
    }

    private static double numberIfTold(String json, String name) throws IOException {
        return json.contains("\"" + name + "\"") ? number(json, name) : 0;
    }

    private static double number(String json, String name) throws IOException {
        Matcher matcher = Pattern.compile("\"" + name + "\":([0-9.]+)").matcher(json);
        if (!matcher.find()) {
            throw new IOException("no " + name + " in: " + json);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
