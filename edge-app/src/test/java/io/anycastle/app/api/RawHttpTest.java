package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What old and sloppy clients send, byte by byte. */
final class RawHttpTest {
    private static final int PATIENCE_MS = 20_000;

    @AutoClose
    private static final TestNode node = TestNode.start();

    private static final String zone = node.addZone("raw.test");

    private static String get(String version) {
        return "GET /client/v4/zones?name=raw.test HTTP/" + version + "\r\nHost: api.example\r\nAuthorization: Bearer "
                + node.token() + "\r\n";
    }

    /** All that comes until the node closes. */
    private static String talk(String... pieces) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), node.admin().getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            send(socket, pieces);
            return untilTheEnd(socket.getInputStream());
        }
    }

    private static void send(Socket socket, String... pieces) {
        try {
            for (String piece : pieces) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            }
        } catch (IOException e) {
            // the node has heard enough; what it says to that can still be read
        }
    }

    /** A node that closes before it has read all ends the connection with a reset, behind its answer. */
    private static String untilTheEnd(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        try {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                read.write(piece, 0, n);
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    @Test
    void http_1_0_gets_a_length_and_a_close_and_no_chunks() throws IOException {
        String answer = talk(get("1.0") + "\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.0 200 OK")
                .containsIgnoringCase("content-length:")
                .doesNotContainIgnoringCase("transfer-encoding");
        assertThat(answer).endsWith("\"total_pages\":1}}");
    }

    @Test
    void garbage_behind_an_http_1_0_request_is_dropped_and_the_request_answered() throws IOException {
        String garbage = "\0\0\0GET garbage of an old buffer\r\n\r\n\0\0" + "x".repeat(4000);
        String answer = talk(get("1.0") + "\r\n" + garbage);
        assertThat(answer).startsWith("HTTP/1.0 200 OK").endsWith("\"total_pages\":1}}");
    }

    @Test
    void garbage_behind_a_closing_http_1_1_request_is_dropped_and_the_request_answered() throws IOException {
        String answer = talk(get("1.1") + "Connection: close\r\n\r\n" + "\0\0\0garbage\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("\"total_pages\":1}}");
    }

    @Test
    void a_json_body_on_get_and_delete_is_read_past() throws IOException {
        String body = "Content-Type: application/json\r\nContent-Length: 2\r\n";
        String answer = talk(get("1.1") + body + "\r\n{}" + get("1.1") + "Connection: close\r\n\r\n");
        assertThat(answer.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    }

    @Test
    void a_malformed_request_is_400_and_a_close() throws IOException {
        assertRefused("NOT HTTP AT ALL\r\n\r\n", 400);
        assertRefused("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400);
        assertRefused("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400);
        assertRefused("\0\1\2\3\r\n\r\n", 400);
    }

    @Test
    void a_head_that_is_too_long_is_told_so() throws IOException {
        assertRefused("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414);
        assertRefused("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(70_000) + "\r\n\r\n", 431);
    }

    /** The envelope with its length, and the end of the connection. */
    private static void assertRefused(String request, int status) throws IOException {
        String[] answer = talk(request).split("\r\n\r\n", 2);
        assertThat(answer[0])
                .containsPattern("^HTTP/1\\.[01] " + status + " ")
                .containsIgnoringCase("connection: close");
        JsonObject envelope = new JsonObject(answer[1]);
        assertThat(envelope.getBoolean("success")).isFalse();
        assertThat(envelope.getJsonArray("errors")).hasSize(1);
        assertThat(answer[0]).containsIgnoringCase("content-length: " + answer[1].length());
    }

    @Test
    void nothing_is_ever_answered_with_a_redirect() throws IOException {
        for (String path : new String[] {"/", "/client/v4", "/client/v4/", "/client", "//client/v4//zones//"}) {
            String answer = talk("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).startsWith("HTTP/1.1 4").contains("\"success\":false");
        }
    }

    private static String head(String method, String path) throws IOException {
        return talk(method + " " + path + " HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer " + node.token()
                + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/metrics", "/client/v4/zones", "/client/v4/edge/status", "EXPORT"})
    void head_works_wherever_get_does_and_has_no_body(String place) throws IOException {
        String path = place.replace("EXPORT", "/client/v4/zones/" + zone + "/dns_records/export");
        String get = head("GET", path);
        String head = head("HEAD", path);
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
        assertThat(head.indexOf("\r\n\r\n")).isEqualTo(head.length() - 4);
        String type = "content-type: ";
        assertThat(field(head, type)).isEqualTo(field(get, type));
    }

    private static String field(String answer, String name) {
        return answer.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /readyz                               | GET, HEAD",
                "PUT    | /client/v4/zones                      | GET, HEAD, POST",
                "POST   | /client/v4/user/tokens/verify         | GET, HEAD",
                "POST   | RECORDS/export                        | GET, HEAD",
                "GET    | RECORDS/import                        | POST",
                "DELETE | RECORDS/batch                         | POST",
                "POST   | RECORDS/0123456789abcdef              | GET, HEAD, PUT, PATCH, DELETE",
            })
    void a_method_that_a_path_does_not_have_is_405_and_told_which_it_has(String method, String path, String allowed)
            throws IOException {
        String answer = head(method, path.replace("RECORDS", "/client/v4/zones/" + zone + "/dns_records"));
        assertThat(answer).startsWith("HTTP/1.1 405 ");
        assertThat(field(answer, "allow: ")).isEqualToIgnoringCase("allow: " + allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /client/v4/zones HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n",
            })
    void every_answer_has_its_date(String request) throws IOException {
        String date = field(talk(request), "date: ");
        assertThat(date).isNotEmpty();
        Instant told = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.substring("date: ".length()), Instant::from);
        assertThat(Duration.between(told, Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }
}
