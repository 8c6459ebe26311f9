package io.anycastle.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawOrigin;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line of JSON for each request, whatever a client sends, wherever the log goes. */
class AccessLogTest {
    private static final int LARGE = 1 << 20;

    @TempDir
    private Path folder;

    private AccessLogConfig to(LogTarget target, int fileBytesMax, Optional<InetSocketAddress> syslog) {
        return new AccessLogConfig(
                true, target, folder.resolve("access.log"), fileBytesMax, 2, syslog, LARGE, Duration.ofMillis(10));
    }

    private static Edge edge(RawOrigin origin, AccessLogConfig log) throws Exception {
        return Edge.edge()
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .accessLog(log)
                .start();
    }

    private List<JsonObject> lines(int count) {
        Await.until(() -> read("access.log").size() >= count);
        return read("access.log").stream().map(JsonObject::new).toList();
    }

    /** The lines of a file, which a rotation may have taken away a moment ago. */
    private List<String> read(String name) {
        try {
            return Files.readAllLines(folder.resolve(name), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_request_is_told_with_its_origin_and_its_times() throws Exception {
        Instant before = Instant.now();
        try (var origin = RawOrigin.answering("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
                var edge = edge(origin, to(LogTarget.FILE, LARGE, Optional.empty()));
                var client = edge.client()) {
            var answer = client.get(
                    "a.example.com",
                    "/x?y=1",
                    "User-Agent: \"quoted\" \\ \u00e9 \t",
                    "Referer: https://b.example/",
                    "traceparent: 00-1-2-01");
            JsonObject line = lines(1).getFirst();

            assertThat(line.getString("ray")).isEqualTo(answer.header("CF-Ray"));
            assertThat(Instant.parse(line.getString("time"))).isBetween(before.minusSeconds(1), Instant.now());
            assertThat(line.getString("client")).isEqualTo("127.0.0.1");
            assertThat(line.getString("method")).isEqualTo("GET");
            assertThat(line.getString("host")).isEqualTo("a.example.com");
            assertThat(line.getString("path")).isEqualTo("/x?y=1");
            assertThat(line.getString("protocol")).isEqualTo("HTTP/1.1");
            assertThat(line.getInteger("status")).isEqualTo(201);
            assertThat(line.getInteger("bytes")).isEqualTo(2);
            assertThat(line.getString("origin")).isEqualTo("127.0.0.1:" + origin.port());
            assertThat(line.getString("user_agent")).isEqualTo("\"quoted\" \\ \u00e9");
            assertThat(line.getString("referer")).isEqualTo("https://b.example/");
            assertThat(line.getString("traceparent")).isEqualTo("00-1-2-01");
            assertThat(line.getDouble("duration_ms"))
                    .isGreaterThanOrEqualTo(line.getDouble("first_byte_ms"))
                    .isPositive();
            assertThat(line.getDouble("first_byte_ms")).isGreaterThanOrEqualTo(line.getDouble("connect_ms"));
            assertThat(line.containsKey("error")).isFalse();
            assertThat(line.containsKey("tls")).isFalse();
        }
    }

    @Test
    void an_error_of_the_edge_and_a_malformed_head_are_told() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin, to(LogTarget.FILE, LARGE, Optional.empty()));
                var client = edge.client();
                var other = edge.client()) {
            client.get("unknown.example", "/");
            other.send("GET / HTTP/1.1\r\nHost : a.example.com\r\n\r\n");
            other.read();
            List<JsonObject> lines = lines(2);

            assertThat(lines).anySatisfy(line -> {
                assertThat(line.getInteger("error")).isEqualTo(1001);
                assertThat(line.getInteger("status")).isEqualTo(530);
                assertThat(line.containsKey("origin")).isFalse();
            });
            assertThat(lines).anySatisfy(line -> {
                assertThat(line.getInteger("error")).isEqualTo(400);
                assertThat(line.containsKey("host")).isFalse();
            });
        }
    }

    @Test
    void a_very_long_text_is_cut_off_and_the_line_is_whole() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin, to(LogTarget.FILE, LARGE, Optional.empty()));
                var client = edge.client()) {
            client.get("a.example.com", "/" + "a".repeat(10_000), "User-Agent: " + "\u00ff".repeat(10_000));

            JsonObject line = lines(1).getFirst();
            assertThat(line.getString("path")).hasSize(4096);
            assertThat(line.getString("user_agent")).hasSize(4096);
        }
    }

    @Test
    void a_large_file_is_renamed_and_two_old_ones_are_kept() throws Exception {
        int requests = 60;
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin, to(LogTarget.FILE, 2_000, Optional.empty()));
                var client = edge.client()) {
            for (int i = 0; i < requests; i++) {
                client.get("a.example.com", "/" + i);
                int told = i + 1;
                Await.until(
                        () -> read("access.log").stream().anyMatch(line -> line.contains("\"/" + (told - 1) + "\"")));
            }
        }
        assertThat(folder.resolve("access.log.1")).exists();
        assertThat(folder.resolve("access.log.2")).exists();
        assertThat(folder.resolve("access.log.3")).doesNotExist();
        assertThat(Files.size(folder.resolve("access.log.1"))).isLessThanOrEqualTo(2_000);
        assertThat(read("access.log").getLast()).contains("\"/" + (requests - 1) + "\"");
    }

    @Test
    void a_syslog_server_gets_each_line_as_a_message() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin, to(LogTarget.SYSLOG, LARGE, Optional.of((InetSocketAddress)
                        server.getLocalSocketAddress())));
                var client = edge.client()) {
            server.setSoTimeout(20_000);
            client.get("a.example.com", "/1");
            client.get("a.example.com", "/2");
            for (int i = 1; i <= 2; i++) {
                DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
                server.receive(packet);
                String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                assertThat(message).matches("<134>1 20\\S+Z - anycastle - access - \\{.*}");
                assertThat(new JsonObject(message.substring(message.indexOf('{'))).getString("path"))
                        .isEqualTo("/" + i);
            }
        }
    }

    @Test
    void lines_that_cannot_wait_any_longer_are_dropped_and_counted() throws Exception {
        AccessLogConfig config = new AccessLogConfig(
                true,
                LogTarget.FILE,
                folder.resolve("access.log"),
                LARGE,
                0,
                Optional.empty(),
                64,
                Duration.ofMillis(10));
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin, config);
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);

            Await.until(() -> edge.counters().logLinesDropped() == 1);
        }
    }

    @Test
    void what_is_logged_at_the_end_is_written() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(
                        origin,
                        new AccessLogConfig(
                                true,
                                LogTarget.FILE,
                                folder.resolve("access.log"),
                                LARGE,
                                0,
                                Optional.empty(),
                                LARGE,
                                Duration.ofSeconds(10)));
                var client = edge.client()) {
            client.get("a.example.com", "/last");
            edge.service().close().await(20, java.util.concurrent.TimeUnit.SECONDS);

            assertThat(read("access.log")).singleElement().asString().contains("/last");
        }
    }
}
