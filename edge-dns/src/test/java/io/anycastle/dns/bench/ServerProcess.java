package io.anycastle.dns.bench;

import io.anycastle.dns.bench.Contestant.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A measured server that runs, pinned to the first core, in a session of its own so that all its processes are found by their group. */
final class ServerProcess implements AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long COUNTERS_WAIT_NANOS = 10 * SECOND_NANOS;
    private static final int COUNTERS_PAUSE_MS = 10;

    /** Of {@code /proc/PID/stat}, counted after the command's name. */
    private static final int GROUP_FIELD = 2;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    final Contestant contestant;
    final Place place;
    private final Process process;
    private final Path log;

    ServerProcess(Contestant contestant, Place place) throws IOException {
        this.contestant = contestant;
        this.place = place;
        log = place.out().resolve(contestant.title() + "-" + place.load().folder() + ".log");
        List<String> command = new ArrayList<>(List.of("setsid", "taskset", "-c", "0"));
        command.addAll(contestant.command(place));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** User and system time of all its processes so far, in nanoseconds; the kernel counts in ticks of {@code 1/tickHz} seconds. */
    long cpuNanos(long tickHz) throws IOException {
        String group = String.valueOf(process.pid());
        long ticks = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path one : all.filter(
                            p -> Character.isDigit(p.getFileName().toString().charAt(0)))
                    .toList()) {
                List<String> fields = stat(one);
                if (fields.size() > SYSTEM_FIELD && fields.get(GROUP_FIELD).equals(group)) {
                    ticks += Long.parseLong(fields.get(USER_FIELD)) + Long.parseLong(fields.get(SYSTEM_FIELD));
                }
            }
        }
        return ticks * (SECOND_NANOS / tickHz);
    }

    /** Empty when the process has just ended. */
    private static List<String> stat(Path process) {
        try {
            String line = Files.readString(process.resolve("stat"));
            return List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether it is done with its start, as far as it tells: until then it takes time from the others on its core. */
    boolean isReady() throws IOException {
        return !contestant.isOurs() || Files.readString(log).lines().anyMatch(line -> line.startsWith("ready "));
    }

    /** A line of its counters, as {@link Fate} reads it; only of ours. */
    String counters() throws IOException, InterruptedException {
        long told = countersTold().size();
        process.outputWriter().append('\n').flush();
        long start = System.nanoTime();
        while (countersTold().size() == told) {
            check();
            if (System.nanoTime() - start > COUNTERS_WAIT_NANOS) {
                throw new IOException(contestant.title() + " does not tell its counters; see " + log);
            }
            Thread.sleep(COUNTERS_PAUSE_MS);
        }
        return countersTold().getLast();
    }

    private List<String> countersTold() throws IOException {
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(Fate::isLine)
                .toList();
    }

    /** Fails when it has ended. */
    void check() {
        if (!process.isAlive()) {
            throw new IllegalStateException(contestant.title() + " has ended; see " + log);
        }
    }

    Path log() {
        return log;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
