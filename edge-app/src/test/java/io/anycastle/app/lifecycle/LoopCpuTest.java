package io.anycastle.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing keeps an event loop, which many visitors share. Read as CPU time, so that a busy machine changes nothing. */
final class LoopCpuTest {
    /** Ten times what a task may take; building TLS there takes from 500 ms to some seconds. */
    private static final long TASK_MICROS_MAX = 50_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void the_first_connections_between_nodes_keep_no_event_loop() throws IOException {
        Process first = start("first", List.of());
        Process second = null;
        try (BufferedReader one = first.inputReader(StandardCharsets.UTF_8)) {
            second = start("second", List.of(value(one, "token ")));
            long mostOfFirst = Long.parseLong(value(one, "most "));
            try (BufferedReader other = second.inputReader(StandardCharsets.UTF_8)) {
                assertThat(Long.parseLong(value(other, "most "))).isLessThan(TASK_MICROS_MAX);
            }
            assertThat(mostOfFirst).isLessThan(TASK_MICROS_MAX);
        } finally {
            first.destroyForcibly();
            if (second != null) {
                second.destroyForcibly();
            }
        }
    }

    private Process start(String name, List<String> token) throws IOException {
        Path config = Files.writeString(
                folder.resolve(name + ".yml"), """
                data: %s
                node: {id: %s}
                dns: {listen: [{address: 127.0.0.1, port: 0}]}
                http: {listen: [{address: 127.0.0.1, port: 0, public-port: 80}]}
                admin: {listen: [{address: 127.0.0.1, port: 0}]}
                edge: {addresses: [198.51.100.1]}
                cluster: {listen: "%s", port: 5733}
                drain-time: 0s
                """.formatted(folder.resolve("data-" + name), name, FreePort.find()));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LoopCpuProbe.class.getName(),
                config.toString()));
        command.addAll(token);
        return new ProcessBuilder(command)
                .redirectError(folder.resolve(name + ".log").toFile())
                .start();
    }

    private static String value(BufferedReader said, String what) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(what)) {
                return line.substring(what.length()).strip();
            }
        }
        throw new AssertionError("the node ended without saying " + what);
    }
}
