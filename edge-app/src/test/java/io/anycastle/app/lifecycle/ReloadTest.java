package io.anycastle.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.Answer;
import io.anycastle.app.FreePort;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.ConfigReader;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.core.model.Cidr;
import io.vertx.core.json.JsonArray;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a configuration that is read again. */
final class ReloadTest {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: ([0-9]+)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static EdgeConfig read(String text) {
        return ConfigReader.read(text, "edge.yml");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            {limits: {body-max: 1MiB}}                      | limits.body-max                  | -
            {limits: {client-idle: 5s}, drain-time: 1s}     | drain-time limits.client-idle    | -
            {health: {interval: 5s}, log: {level: debug}}   | log.level health.interval        | -
            {dns: {rate-limit: {slip: 3}}}                  | -                                | dns.rate-limit.slip
            {proxy: {threads: 3, via: both}}                | proxy.via                        | proxy.threads
            {limits: {quic-payload-max: 1300}}             | -                                | limits.quic-payload-max
            {http: {listen: [{address: 192.0.2.1, port: 80}]}} | http.listen                   | edge.addresses
            {edge: {addresses: [192.0.2.1]}}                | -                                | edge.addresses
            {limits: {client-idle: 400s}}                   | -                                | -
            """)
    void what_can_be_followed_is_and_the_rest_is_told(String text, String changed, String waiting) {
        EdgeConfig now = read("{edge: {addresses: [198.51.100.1]}}");
        EdgeConfig file = text.contains("edge") || text.contains("listen")
                ? read(text)
                : read(text.replaceFirst("\\{", "{edge: {addresses: [198.51.100.1]}, "));
        Reload reload = Reload.of(now, file);
        assertThat(reload.changed()).isEqualTo(words(changed));
        assertThat(reload.waiting()).isEqualTo(words(waiting));
        reload.changed()
                .forEach(path -> Keys.ALL.stream()
                        .filter(key -> key.path().equals(path))
                        .forEach(key ->
                                assertThat((Object) reload.next().value(key)).isEqualTo(file.value(key))));
        assertThat(reload.next().differences(now)).hasSize(reload.changed().size());
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    @Test
    void a_node_reads_its_file_again_when_it_is_told_to() throws IOException {
        HostPort http = FreePort.find();
        HostPort more = FreePort.find();
        HttpServer origin = HttpServer.create(new InetSocketAddress(http.address(), 0), 0);
        origin.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            call.getResponseHeaders().set("Content-Length", "0");
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        origin.start();
        HostPort asked = new HostPort(http.address(), origin.getAddress().getPort());
        AtomicReference<String> file = new AtomicReference<>("");
        try (TestNode node = TestNode.start(folder, config -> listening(config, http, asked))) {
            EdgeConfig started = listening(TestNode.config(folder), http, asked);
            node.node().reloadsFrom(() -> changed(started, read(file.get())));
            Screen screen = node.screen(folder);
            assertThat(screen.done("reload")).isEqualTo("Reloaded; no setting changed.\n");

            String zone = node.addZone("reload.test");
            node.addProxied(zone, "www", "192.0.2.1");
            try (Socket kept = new Socket(http.address(), http.port())) {
                assertThat(status(kept, 3)).isEqualTo("204");
                file.set("{limits: {body-max: 2B}, dns: {rate-limit: {slip: 3}}, http: {listen: [" + listener(http)
                        + ", " + listener(more) + "]}}");
                assertThat(screen.done("reload")).isEqualTo("""
                                Reloaded; changed: http.listen, limits.body-max.
                                These settings take a restart: dns.rate-limit.slip.
                                """);
                assertThat(status(kept, 3)).isEqualTo("413");
            }
            try (Socket fresh = new Socket(more.address(), more.port())) {
                assertThat(status(fresh, 3)).isEqualTo("413");
            }
            assertThat(node.get("/edge/status").result().getJsonArray("listeners").stream()
                            .filter(listener -> listener.toString().contains("\"http\""))
                            .toList())
                    .hasSize(2);

            file.set("{limits: {body-max: many}, origin: {colour: red}}");
            Screen.Shown refused = screen.run("reload");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("limits.body-max").contains("colour");
            file.set("{http: {listen: [{address: 192.0.2.77, port: 80}]}}");
            Answer here = node.call("POST", "/edge/reload", "");
            assertThat(here.status()).isEqualTo(400);
            assertThat(here.text()).contains("this machine does not have that address");
            try (Socket fresh = new Socket(more.address(), more.port())) {
                assertThat(status(fresh, 3)).describedAs("all is as before").isEqualTo("413");
            }
            file.set("");
            assertThat(new JsonArray(node.call("POST", "/edge/reload", "")
                            .result()
                            .getJsonArray("changed")
                            .getList()))
                    .isEqualTo(new JsonArray(List.of("http.listen", "limits.body-max")));
        } finally {
            origin.stop(0);
        }
    }

    private static String listener(HostPort at) {
        return "{address: 127.0.0.1, port: " + at.port() + ", public-port: 80}";
    }

    private static EdgeConfig listening(EdgeConfig config, HostPort at, HostPort origin) {
        return config.taking(Keys.HTTP_LISTEN, read("{http: {listen: [" + listener(at) + "]}}"))
                .with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.0/8")))
                .with(ProxyKeys.ORIGIN_ADDRESS_MAP, Map.of(InetAddress.ofLiteral("192.0.2.1"), origin));
    }

    /** The node's own, with what the file says. */
    private static EdgeConfig changed(EdgeConfig started, EdgeConfig file) {
        EdgeConfig changed = started;
        for (var key : Keys.ALL) {
            changed = file.isGiven(key) ? changed.taking(key, file) : changed;
        }
        return changed;
    }

    /** Of a request with a body of so many octets. */
    private static String status(Socket socket, int octets) throws IOException {
        socket.getOutputStream()
                .write(("POST / HTTP/1.1\r\nHost: www.reload.test\r\nContent-Length: " + octets + "\r\n\r\n"
                                + "x".repeat(octets))
                        .getBytes(StandardCharsets.US_ASCII));
        socket.setSoTimeout(20_000);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new EOFException(head.toString());
            }
            head.append((char) octet);
        }
        Matcher length = LENGTH.matcher(head);
        int octetsLeft = length.find() ? Integer.parseInt(length.group(1)) : 0;
        socket.getInputStream().readNBytes(octetsLeft);
        return head.substring(9, 12);
    }

    @Test
    void until_somebody_says_where_the_file_is_the_node_keeps_what_it_was_started_with() {
        try (TestNode node = TestNode.start(folder)) {
            assertThat(node.call("POST", "/edge/reload", "").result().getJsonArray("changed"))
                    .isEmpty();
        }
    }
}
