package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.AccessLogKeys;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A zone's requests followed live, by the API and by {@code edge tail}. */
final class TailApiTest {
    @AutoClose
    private static final TestNode node = TestNode.start(config -> config.with(AccessLogKeys.TAIL_READERS, 1));

    /** One who follows, on a connection of its own. */
    record Follower(Socket socket, BufferedReader in) implements AutoCloseable {
        static Follower of(TestNode of, String path) throws IOException {
            InetSocketAddress admin = of.admin();
            Socket socket = new Socket(admin.getAddress(), admin.getPort());
            socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
            socket.getOutputStream()
                    .write(("GET /client/v4" + path + " HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer " + of.token()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new Follower(
                    socket,
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)));
        }

        /** The next line that is like that; empty at the end. */
        String next(String pattern) throws IOException {
            String line = in.readLine();
            while (line != null && !line.matches(pattern)) {
                line = in.readLine();
            }
            return line == null ? "" : line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    static void visit(TestNode of, String host, String path) throws IOException {
        InetSocketAddress at = of.node().proxyAddresses().getFirst();
        try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void a_client_gets_a_line_for_each_request_and_a_second_one_is_told_that_there_is_no_room() throws Exception {
        String zone = "/zones/" + node.addZone("tailed.test");
        try (Follower follower = Follower.of(node, zone + "/tail?status=5xx&path=/a")) {
            assertThat(follower.next("HTTP/1.1 .*")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(follower.next("(?i)content-type: .*")).containsIgnoringCase("application/x-ndjson");
            assertThat(follower.next("1")).isEqualTo("1"); // the first line is empty: the call follows
            Answer refused = node.get(zone + "/tail");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.codes()).containsExactly(10613);
            visit(node, "x.tailed.test", "/b");
            visit(node, "x.tailed.test", "/a/1");
            JsonObject line = new JsonObject(follower.next("\\{.*"));
            assertThat(line.getString("path")).isEqualTo("/a/1");
            assertThat(line.getInteger("error")).isEqualTo(1001);
        }
        visit(node, "x.tailed.test", "/a/2");
        TestNode.await("the client's leave is noticed", () -> hasRoom(zone));
    }

    private static boolean hasRoom(String zone) {
        try (Follower follower = Follower.of(node, zone + "/tail")) {
            return follower.next("HTTP/1.1 .*").equals("HTTP/1.1 200 OK");
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5x", "99", "abc", "500-", "1000", "5xx-6xx"})
    void a_status_that_is_none_is_refused(String status) {
        String zone = "/zones/" + node.addZone("status" + status.hashCode() + ".test");
        Answer refused = node.get(zone + "/tail?status=" + status);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("expected a status such as 404, 5xx or 500-504, found '" + status + "'");
    }

    @Test
    void the_command_prints_lines_until_the_node_stops_which_waits_for_no_reader() throws Exception {
        try (TestNode other = TestNode.start()) {
            other.addZone("printed.test");
            Screen screen = other.screen();
            CompletableFuture<Screen.Shown> shown =
                    CompletableFuture.supplyAsync(() -> screen.run("tail", "printed.test", "--path", "/seen"));
            TestNode.await("a line is printed", () -> {
                try {
                    visit(other, "x.printed.test", "/seen");
                    visit(other, "x.printed.test", "/unseen");
                } catch (IOException e) {
                    return false;
                }
                return other.bare("GET", "/metrics").text().matches("(?s).*anycastle_proxy_tail_lines_total [1-9].*");
            });
            long before = System.nanoTime();
            other.node().close();
            Screen.Shown end = shown.get(1, TimeUnit.MINUTES);
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(20));
            assertThat(end.code()).isZero();
            assertThat(end.out().lines())
                    .isNotEmpty()
                    .allSatisfy(line ->
                            assertThat(new JsonObject(line).getString("path")).isEqualTo("/seen"));
            assertThat(end.err()).contains("the node has ended this");
        }
    }

    @Test
    void the_command_says_what_the_node_refuses() {
        node.addZone("refused.test");
        assertThat(node.screen().run("tail", "refused.test", "--status", "bad").err())
                .contains("expected a status such as 404");
        assertThat(node.screen().run("tail", "nozone.test").err()).contains("there is no such zone");
    }
}
