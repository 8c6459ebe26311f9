package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.api.AdminToken;
import io.anycastle.app.config.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A node as a process of its own whose class path has no archive with native code, as on a processor that nobody built some for. */
final class WithoutNativePartsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void a_node_starts_answers_and_proxies(String driver) throws Exception {
        HostPort dns = FreePort.find();
        HostPort http = FreePort.find();
        HostPort https = FreePort.find();
        HostPort admin = FreePort.find();
        HttpServer origin = origin();
        SelfSigned files = SelfSigned.make(folder, "example.com", "*.example.com");
        Files.writeString(folder.resolve("edge.yml"), """
                data: data
                drain-time: 0s
                edge: {addresses: [198.51.100.1]}
                dns:
                  listen: [{address: 127.0.0.1, port: %d}]
                  udp: {driver: %s}
                  tls: {listen: []}
                  https: {listen: []}
                http: {listen: [{address: 127.0.0.1, port: %d}]}
                https: {listen: [{address: 127.0.0.1, port: %d}], certificate: %s, key: %s}
                origin: {allow: [127.0.0.1], port: %d, tls: flexible}
                admin: {listen: [{address: 127.0.0.1, port: %d}]}
                cluster: {port: 0}
                """.formatted(
                        dns.port(),
                        driver,
                        http.port(),
                        https.port(),
                        files.certificate(),
                        files.key(),
                        origin.getAddress().getPort(),
                        admin.port()));
        Process node = node();
        Vertx vertx = Vertx.vertx();
        try (BufferedReader log = node.errorReader(StandardCharsets.UTF_8)) {
            assertThat(logUntilReady(log)).contains("DNS listens").doesNotContain("epoll");
            WebClient client = WebClient.create(
                    vertx, new WebClientOptions().setTrustAll(true).setVerifyHost(false));
            fill(client, admin.port());

            assertThat(address(dns, "shop.example.com.", false)).isEqualTo("192.0.2.2");
            assertThat(address(dns, "blog.example.com.", false)).isEqualTo("198.51.100.1");
            assertThat(address(dns, "blog.example.com.", true)).isEqualTo("198.51.100.1");
            assertThat(fetched(client, http.port(), false)).isEqualTo("from the origin");
            assertThat(fetched(client, https.port(), true)).isEqualTo("from the origin");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            node.destroy();
            origin.stop(0);
            assertThat(node.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static HttpServer origin() throws IOException {
        HttpServer origin = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        origin.createContext("/", exchange -> {
            byte[] body = "from the origin".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
        return origin;
    }

    private Process node() throws IOException {
        List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> plain = all.stream().filter(part -> !hasNativeCode(part)).toList();
        assertThat(all.stream()
                        .filter(part -> !plain.contains(part))
                        .map(part -> Path.of(part).getFileName().toString()))
                .describedAs("what is left out")
                .anyMatch(name -> name.startsWith("netty-transport-native-epoll"))
                .anyMatch(name -> name.startsWith("netty-codec-native-quic"))
                .anyMatch(name -> name.startsWith("netty-tcnative-boringssl-static"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        String.join(File.pathSeparator, plain),
                        Main.class.getName(),
                        "run",
                        "--config",
                        "edge.yml")
                .directory(folder.toFile())
                .start();
    }

    /** In the place that Netty has for it. Hazelcast brings code to pin threads to processors, which nobody asks it for. */
    private static boolean hasNativeCode(String part) {
        if (!part.endsWith(".jar")) {
            return false;
        }
        try (JarFile archive = new JarFile(part)) {
            return archive.stream().anyMatch(entry -> entry.getName().matches("META-INF/native/.+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String logUntilReady(BufferedReader log) throws IOException {
        StringBuilder lines = new StringBuilder();
        String line = log.readLine();
        while (line != null) {
            lines.append(line).append('\n');
            if (line.contains("admin token in")) {
                return lines.toString();
            }
            line = log.readLine();
        }
        throw new AssertionError("the node ended: " + lines);
    }

    private void fill(WebClient client, int admin) {
        TestNode.await(
                "changes are taken",
                () -> done(client.get(admin, "127.0.0.1", "/readyz?writes").send())
                                .statusCode()
                        == 200);
        String zone = post(client, admin, "/zones", new JsonObject().put("name", "example.com"))
                .getString("id");
        JsonObject record =
                new JsonObject().put("type", "A").put("name", "shop").put("content", "192.0.2.2");
        post(client, admin, "/zones/" + zone + "/dns_records", record);
        post(
                client,
                admin,
                "/zones/" + zone + "/dns_records",
                record.put("name", "blog").put("content", "127.0.0.1").put("proxied", true));
    }

    private JsonObject post(WebClient client, int admin, String path, JsonObject body) {
        HttpResponse<Buffer> response = done(client.post(admin, "127.0.0.1", "/client/v4" + path)
                .bearerTokenAuthentication(
                        AdminToken.readFrom(folder.resolve("data")).orElseThrow())
                .sendJsonObject(body));
        assertThat(response.statusCode()).describedAs(response.bodyAsString()).isEqualTo(200);
        return new JsonObject(String.valueOf(response.bodyAsString())).getJsonObject("result");
    }

    private static String fetched(WebClient client, int port, boolean isTls) {
        return String.valueOf(done(client.get(port, "127.0.0.1", "/")
                        .ssl(isTls)
                        .virtualHost("blog.example.com")
                        .send())
                .bodyAsString());
    }

    private static <T> T done(io.vertx.core.Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static String address(HostPort server, String name, boolean isTcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(server.address(), server.port()));
        resolver.setTCP(isTcp);
        resolver.setTimeout(PATIENCE);
        Message answer = resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
        return answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .collect(Collectors.joining(" "));
    }
}
