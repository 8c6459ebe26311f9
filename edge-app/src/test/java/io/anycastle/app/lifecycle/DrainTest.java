package io.anycastle.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.Keys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does from the moment that it is told to stop. */
final class DrainTest {
    private static final int PATIENCE_MS = 60_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_node_that_is_told_to_stop_serves_on_for_the_drain_time_and_sends_nobody_there() throws Exception {
        TestNode node = TestNode.start(folder, config -> config.with(Keys.DRAIN_TIME, Duration.ofHours(1)));
        node.addRecord(node.addZone("drain.test"), "www", "A", "192.0.2.1");
        assertThat(node.bare("GET", "/readyz").json().getBoolean("writes")).isTrue();
        assertThat(node.bare("GET", "/readyz?writes").status()).isEqualTo(200);
        Thread stopping = Thread.ofPlatform().start(node.node()::close);
        TestNode.await("not ready", () -> node.bare("GET", "/readyz").status() == 503);
        Answer ready = node.bare("GET", "/readyz");
        assertThat(ready.json().getString("waits_for")).contains("told to stop");
        assertThat(ready.json().getBoolean("reads")).isFalse();
        assertThat(node.bare("GET", "/livez").status()).isEqualTo(200);
        assertThat(node.get("/edge/status").result().getString("state")).isEqualTo("draining");
        assertThat(node.dns("www.drain.test", "A")).isEqualTo("192.0.2.1");
        try (Socket late = new Socket()) {
            late.connect(node.node().proxyAddresses().getFirst());
            assertThat(ask(late)).contains("HTTP/1.1 200 OK").noneMatch(DrainTest::isClose);
        }
        stopping.interrupt(); // so that the test need not wait for the hour
        assertThat(stopping.join(Duration.ofMillis(PATIENCE_MS))).isTrue();
        node.close();
    }

    @Test
    void a_kept_connection_in_constant_use_is_told_that_it_ends_and_no_request_on_it_fails() throws Exception {
        TestNode node = TestNode.start(folder, config -> config.with(Keys.STOP_TIMEOUT, Duration.ofSeconds(50)));
        try (Socket kept = new Socket()) {
            InetSocketAddress proxy = node.node().proxyAddresses().getFirst();
            kept.connect(proxy);
            assertThat(ask(kept)).noneMatch(DrainTest::isClose);
            Thread stopping = Thread.ofPlatform().start(node.node()::close);
            List<String> last = ask(kept);
            while (last.stream().noneMatch(DrainTest::isClose)) {
                assertThat(last).contains("HTTP/1.1 200 OK");
                last = ask(kept);
            }
            assertThat(last).contains("HTTP/1.1 200 OK");
            assertThat(kept.getInputStream().read()).isNegative();
            assertThat(stopping.join(Duration.ofMillis(PATIENCE_MS))).isTrue();
        }
        node.close();
    }

    private static boolean isClose(String line) {
        return line.toLowerCase(Locale.ROOT).equals("connection: close");
    }

    /** The head of the answer to one request, line by line, with the body read. */
    private static List<String> ask(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        socket.getOutputStream()
                .write("GET /cdn-cgi/trace HTTP/1.1\r\nHost: drain.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        List<String> head = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.add(line);
        }
        int length = head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return head;
    }
}
