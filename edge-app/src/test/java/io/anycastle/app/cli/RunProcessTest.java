package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.FreePort;
import io.anycastle.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code edge run} as a process of its own, as a service runs it. */
final class RunProcessTest {
    private static final int TERMINATED = 143;
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_node_tells_where_it_listens_and_ends_with_143_when_it_is_terminated() throws Exception {
        Files.writeString(folder.resolve("edge.yml"), config(0));
        Process edge = edge("run", "--config", "edge.yml");
        try (BufferedReader log = edge.errorReader(StandardCharsets.UTF_8)) {
            List<String> lines = untilLine(log, "admin token in");
            assertThat(String.join("\n", lines))
                    .containsPattern("DNS listens on 127\\.0\\.0\\.1:\\d+ \\(UDP, \\w+\\)")
                    .containsPattern("DNS listens on 127\\.0\\.0\\.1:\\d+ \\(TCP, \\w+\\)")
                    .containsPattern("HTTP listens on 127\\.0\\.0\\.1:\\d+, public port 8080")
                    .containsPattern("admin API, metrics and health listen on 127\\.0\\.0\\.1:\\d+");
            edge.toHandle().destroy();
            assertThat(log.lines().toList()).anyMatch(line -> line.contains("stopped in"));
        } finally {
            edge.destroyForcibly();
        }
        assertThat(edge.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(edge.exitValue()).isEqualTo(TERMINATED);
        assertThat(folder.resolve("data/admin.token")).exists();
    }

    @Test
    void a_hang_up_signal_lets_it_read_its_file_again() throws Exception {
        Path file = folder.resolve("edge.yml");
        Files.writeString(file, config(0));
        Process edge = edge("run", "--config", "edge.yml");
        try (BufferedReader log = edge.errorReader(StandardCharsets.UTF_8)) {
            untilLine(log, "ready, ");
            int port = FreePort.find().port();
            Files.writeString(file, config(port) + "limits: {body-max: 1MiB}\n");
            hangUp(edge);
            assertThat(untilLine(log, "configuration reloaded").getLast())
                    .contains("changed: http.listen, limits.body-max");
            new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
            Files.writeString(file, "limits: {body-max: many}\n");
            hangUp(edge);
            assertThat(untilLine(log, "not reloaded").getLast()).contains("limits.body-max");
            new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
        } finally {
            edge.destroyForcibly();
        }
    }

    @Test
    void its_listeners_answer_while_its_proxy_warms_up_and_nobody_is_sent_there_before() throws Exception {
        Files.writeString(folder.resolve("edge.yml"), config(0) + "proxy: {warm-up: 10s}\n");
        Process edge = edge("run", "--config", "edge.yml");
        try (BufferedReader log = edge.errorReader(StandardCharsets.UTF_8)) {
            String lines = String.join("\n", untilLine(log, "ready, "));
            HttpResponse<String> early = get(port(lines, "health listen on"), "/readyz");
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).contains("its proxy, which warms up");
            assertThat(get(port(lines, "HTTP listens on"), "/").headers().firstValue("CF-RAY"))
                    .isPresent();
            String over = untilLine(log, "the proxy has warmed up in").getLast();
            assertThat(over).containsPattern("by [1-9][0-9]{2,} requests of its own");
            assertThat(get(port(lines, "health listen on"), "/readyz").statusCode())
                    .isEqualTo(200);
        } finally {
            edge.destroyForcibly();
        }
    }

    private static int port(String lines, String listener) {
        Matcher told = Pattern.compile(listener + " 127\\.0\\.0\\.1:(\\d+)").matcher(lines);
        assertThat(told.find()).isTrue();
        return Integer.parseInt(told.group(1));
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void hangUp(Process edge) throws Exception {
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(edge.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void a_busy_port_is_one_line_and_exit_code_1() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Files.writeString(folder.resolve("edge.yml"), config(busy.getLocalPort()));
            Process edge = edge("run", "--config", "edge.yml");
            List<String> lines = edge.errorReader(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("edge: "))
                    .toList();
            assertThat(edge.waitFor()).isEqualTo(1);
            assertThat(lines).hasSize(1).first().asString().contains(String.valueOf(busy.getLocalPort()));
        }
    }

    @Test
    void a_demo_without_a_temporary_folder_is_one_line_and_exit_code_1() throws Exception {
        Process edge = edge(List.of("-Djava.io.tmpdir=" + folder.resolve("none")), "demo");
        List<String> lines = edge.errorReader(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("WARNING:"))
                .toList();
        assertThat(edge.waitFor()).isEqualTo(1);
        assertThat(lines).singleElement().asString().startsWith("edge: no temporary folder: ");
    }

    private String config(int httpPort) {
        return """
                data: %s
                dns: {listen: [{address: 127.0.0.1, port: 0}]}
                http: {listen: [{address: 127.0.0.1, port: %d, public-port: 8080}]}
                admin: {listen: [{address: 127.0.0.1, port: 0}]}
                cluster: {port: 0}
                """.formatted(folder.resolve("data"), httpPort);
    }

    private Process edge(String... arguments) throws IOException {
        return edge(List.of(), arguments);
    }

    private Process edge(List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(flags);
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(folder.toFile()).start();
    }

    private static List<String> untilLine(BufferedReader log, String part) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = log.readLine();
        while (line != null) {
            lines.add(line);
            if (line.contains(part)) {
                return lines;
            }
            line = log.readLine();
        }
        throw new AssertionError("the log ended without '" + part + "': " + lines);
    }
}
