package io.anycastle.dns.bench;

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

    Generator(int window) {
        this.window = window;
    }

    /**
     * What came back.
     *
     * @param lost queries without an answer, or refused
     * @param perSecond answers
     * @param p999Micros what 999 of 1,000 answers took at most; 0 where the generator does not measure it
     */
    record Report(long answers, long lost, double perSecond, double p50Micros, double p999Micros) {}

    /** Asks the questions of a set. */
    Report ask(ServerProcess server, BenchSet set, double seconds) throws IOException, InterruptedException {
        String questions = server.place.data().resolve(set.questions()).toString();
        String out = server.place.out().toString();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "1"));
        int port = server.place.port();
        switch (set.way) {
            case UDP, PACED ->
                command.addAll(List.of(out + "/dnsgen", "127.0.0.1", "" + port, questions, "" + seconds));
            case TCP -> command.addAll(List.of(out + "/dnstcp", "127.0.0.1", "" + port, questions, "" + seconds));
            case DOT ->
                command.addAll(
                        List.of(out + "/dnstls", "127.0.0.1", "" + server.place.tlsPort(), questions, "" + seconds));
        }
        switch (set.way) {
            case UDP -> command.addAll(List.of("" + window, "" + SOCKETS, "edns"));
            case PACED -> command.addAll(List.of("" + window, "" + SOCKETS, "edns", "" + PACED_PER_SECOND));
            case TCP -> command.addAll(List.of("" + CONNECTIONS, "" + perConnection()));
            case DOT -> command.addAll(List.of("" + CONNECTIONS, "" + perConnection(), "tls"));
        }
        return run(command);
    }

    private int perConnection() {
        return Math.max(1, window / SOCKETS);
    }

    private static Report run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
        // A server that refuses answers faster than one that looks.
        long lost = (long) (number(said, "lost") + number(said, "refused"));
        return new Report(
                (long) number(said, "recv"),
                lost,
                number(said, "qps"),
                said.contains("p50_us") ? number(said, "p50_us") : 0,
                said.contains("p999_us") ? number(said, "p999_us") : 0);
    }

    private static double number(String json, String name) throws IOException {
        Matcher matcher = Pattern.compile("\"" + name + "\":([0-9.]+)").matcher(json);
        if (!matcher.find()) {
            throw new IOException("no " + name + " in: " + json);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
