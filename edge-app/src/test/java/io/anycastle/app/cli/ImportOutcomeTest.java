package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.cli.Screen.Shown;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code edge zone import} does when the node refuses the upload, and when nobody knows what became of it. */
final class ImportOutcomeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** What the command asked for, in order. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer node;

    private int importStatus;
    private JsonObject importAnswer = new JsonObject();
    private int removalStatus = 200;
    private JsonObject removalAnswer = done(new JsonObject());

    @BeforeEach
    void start() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        node.createContext("/client/v4", this::answer);
        node.start();
        Files.writeString(folder.resolve("lost.test.zone"), "$TTL 300\nwww IN A 192.0.2.1\n");
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    /** The node's own answers: no zone of that name yet, a zone made, and what the test says of the import. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String call = exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().getPath().substring("/client/v4".length());
            asked.add(call);
            JsonObject zone = new JsonObject().put("id", "z1").put("name", "lost.test");
            switch (call) {
                case "GET /zones" ->
                    send(
                            exchange,
                            200,
                            done(new JsonArray()).put("result_info", new JsonObject().put("total_count", 0)));
                case "POST /zones/z1/dns_records/import" -> send(exchange, importStatus, importAnswer);
                case "DELETE /zones/z1" -> send(exchange, removalStatus, removalAnswer);
                default -> send(exchange, 200, done(zone));
            }
        }
    }

    private static JsonObject done(Object result) {
        return new JsonObject().put("result", result).put("success", true).put("errors", new JsonArray());
    }

    private static JsonObject refused(int code, String message) {
        return new JsonObject()
                .putNull("result")
                .put("success", false)
                .put(
                        "errors",
                        new JsonArray().add(new JsonObject().put("code", code).put("message", message)));
    }

    private static void send(HttpExchange exchange, int status, JsonObject body) throws IOException {
        byte[] bytes = body.toBuffer().getBytes();
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Shown runImport() {
        String server = "http://127.0.0.1:" + node.getAddress().getPort();
        return new Screen(folder, Map.of())
                .run("zone", "import", "lost.test.zone", "--server", server, "--token", "0".repeat(40));
    }

    @Test
    void an_import_of_unknown_outcome_leaves_the_zone_alone_and_claims_nothing() {
        importStatus = 503;
        importAnswer = refused(10504, "The outcome is unknown, look before trying again: too slow");
        Shown shown = runImport();
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err())
                .isEqualTo("edge: The outcome is unknown, look before trying again: too slow" + System.lineSeparator());
        assertThat(asked).containsExactly("GET /zones", "POST /zones", "POST /zones/z1/dns_records/import");
    }

    @Test
    void a_refused_import_removes_the_zone_it_made_and_says_so() {
        importStatus = 400;
        importAnswer = refused(1004, "DNS Validation Error");
        Shown shown = runImport();
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err().lines()).containsExactly("edge: DNS Validation Error", "edge: Nothing was imported.");
        assertThat(asked)
                .containsExactly("GET /zones", "POST /zones", "POST /zones/z1/dns_records/import", "DELETE /zones/z1");
    }

    @Test
    void an_import_that_was_not_begun_is_told_as_such_and_can_be_run_again() {
        importStatus = 503;
        importAnswer = refused(10503, "Nothing was changed: the write quorum is 2 nodes, 1 are here");
        Shown shown = runImport();
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.err().lines())
                .containsExactly(
                        "edge: Nothing was changed: the write quorum is 2 nodes, 1 are here",
                        "edge: Nothing was imported.");
        assertThat(asked).endsWith("DELETE /zones/z1");
    }

    @Test
    void an_empty_zone_that_cannot_be_taken_back_is_told() {
        importStatus = 503;
        importAnswer = refused(10503, "Nothing was changed: the store is closed");
        removalStatus = 503;
        removalAnswer = importAnswer;
        assertThat(runImport().err().lines()).endsWith("edge: Nothing was imported; the zone was made and is empty.");
    }
}
