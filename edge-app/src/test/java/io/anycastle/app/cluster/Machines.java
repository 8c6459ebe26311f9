package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Three machines of one network, as namespaces of this one, and processes that run on them. */
final class Machines implements AutoCloseable {
    private static final Path SCRIPT = Path.of("src/test/sh/networks.sh").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    private final Process ground;
    private final Path folder;
    private final Map<Integer, Process> running = new HashMap<>();
    private final Map<Integer, Path> clocks = new HashMap<>();

    private Machines(Process ground, Path folder) {
        this.ground = ground;
        this.folder = folder;
    }

    /** Skips the test where this system lets nobody make network namespaces. */
    static Machines start(Path folder) throws IOException {
        Process ground =
                new ProcessBuilder(SCRIPT.toString()).redirectErrorStream(true).start();
        BufferedReader said = ground.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        assumeTrue("ready".equals(line), "no network namespaces can be made here: " + line);
        return new Machines(ground, folder);
    }

    static String address(int machine) {
        return "10.83.0." + machine;
    }

    /** What a shell there runs. */
    private ProcessBuilder command(int machine, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(ground.pid()), "--mount"));
        if (!"root".equals(System.getProperty("user.name"))) {
            whole.addAll(List.of("--user", "--preserve-credentials"));
        }
        whole.addAll(List.of("nsenter", "--net=/run/netns/n" + machine));
        whole.addAll(command);
        return new ProcessBuilder(whole).directory(folder.toFile());
    }

    private static List<String> edge(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return command;
    }

    /** The machine's clock can be set from now on, for nodes that are started after this; skips the test where libfaketime is not installed. */
    void ownClock(int machine) throws IOException {
        Path library;
        try (var libraries =
                Files.find(Path.of("/usr/lib"), 4, (file, type) -> file.endsWith("faketime/libfaketimeMT.so.1"))) {
            library = libraries.findFirst().orElse(Path.of(""));
        }
        assumeTrue(!library.toString().isEmpty(), "libfaketime is not installed");
        clocks.put(machine, library);
        setClock(machine, 0);
    }

    /** Steps the machine's clock so that it is ahead of this one's by so much. */
    void setClock(int machine, int secondsAhead) throws IOException {
        Files.writeString(clock(machine), "%+d\n".formatted(secondsAhead));
    }

    private Path clock(int machine) {
        return folder.resolve(machine + ".clock");
    }

    private Map<String, String> environment(int machine) {
        Path library = clocks.get(machine);
        return library == null
                ? Map.of()
                : Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        clock(machine).toString(),
                        "FAKETIME_CACHE_DURATION",
                        "1",
                        "DONT_FAKE_MONOTONIC",
                        "1");
    }

    /** A node that runs there until it is ended; its log is {@code MACHINE.log}. */
    void run(int machine, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("run", "--config", folder.resolve(machine + ".yml").toString()));
        all.addAll(List.of(arguments));
        ProcessBuilder builder = command(machine, edge(all))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(machine + ".log").toFile()));
        builder.environment().putAll(environment(machine));
        Process node = builder.start();
        running.put(machine, node);
    }

    /** Ends the machine's node as a power cut does. */
    void kill(int machine) {
        Process node = Objects.requireNonNull(running.remove(machine), "no node runs there");
        end(node);
    }

    /** What an {@code edge} command prints that runs there and succeeds. */
    String edge(int machine, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.resolve("data-" + machine).toString()));
        return output(machine, edge(all));
    }

    /** What a command prints that runs there and succeeds. */
    String output(int machine, List<String> line) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Process process = command(machine, line)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean isOver = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(out);
        assertThat(isOver && process.exitValue() == 0)
                .describedAs("%s on machine %d, which printed:%n%s", line, machine, text)
                .isTrue();
        return text;
    }

    /**
     * What the admin API of the machine's node answers there, without the time that a JVM takes to start.
     *
     * @return the body; empty when there is no answer within the time
     */
    String call(int machine, String method, String path, String body) throws IOException, InterruptedException {
        Path kept = folder.resolve("data-" + machine).resolve("admin.token");
        if (!Files.exists(kept)) {
            return "";
        }
        String token = Files.readString(kept).strip();
        List<String> curl = new ArrayList<>(List.of("curl", "-s", "-m", "20", "-X", method));
        curl.addAll(List.of("-H", "Authorization: Bearer " + token, "http://127.0.0.1:8053/client/v4" + path));
        if (!body.isEmpty()) {
            curl.addAll(List.of("-d", body));
        }
        Process process = command(machine, curl).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        end(process);
        return answer;
    }

    /** Two machines see each other no more, and hear nothing of it. */
    void cut(int one, int other) throws IOException, InterruptedException {
        route("add", one, other);
        route("add", other, one);
    }

    void mend(int one, int other) throws IOException, InterruptedException {
        route("del", one, other);
        route("del", other, one);
    }

    /** From now on the machine sends nothing to others: whoever connects to it waits in vain. */
    void silence(int machine) throws IOException, InterruptedException {
        for (int other = 1; other <= 3; other++) {
            if (other != machine) {
                route("add", machine, other);
            }
        }
    }

    private void route(String what, int from, int to) throws IOException, InterruptedException {
        output(from, List.of("ip", "route", what, "blackhole", address(to) + "/32"));
    }

    String log(int machine) throws IOException {
        Path log = folder.resolve(machine + ".log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    String logged(int machine) {
        try {
            return log(machine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (int machine : List.copyOf(running.keySet())) {
            kill(machine);
        }
        ground.getOutputStream().close();
        end(ground);
    }

    private static void end(Process process) {
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
