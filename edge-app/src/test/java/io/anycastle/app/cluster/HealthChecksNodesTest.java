package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.FreePort;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HealthKeys;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.core.model.Cidr;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes check two origins; one of the nodes has lost its way to the first. */
final class HealthChecksNodesTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String FIRST = "192.0.2.1";
    private static final String SECOND = "192.0.2.2";
    private static final String BOTH = FIRST + " " + SECOND;
    private static final String CHECK = "http/up;interval=1;timeout=1;retries=0";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /** Answers requests with its name, and checks with a status that may change. */
    private final class Origin {
        final AtomicInteger status = new AtomicInteger(200);
        final HostPort at;

        Origin(String name) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
            server.createContext("/", call -> {
                boolean isCheck = call.getRequestURI().getPath().equals("/up");
                byte[] body = name.getBytes(StandardCharsets.US_ASCII);
                call.sendResponseHeaders(isCheck ? status.get() : 200, body.length);
                call.getResponseBody().write(body);
                call.close();
            });
            server.start();
            opened.add(() -> server.stop(0));
            at = new HostPort(LOOPBACK, server.getAddress().getPort());
        }
    }

    private EdgeConfig config(EdgeConfig plain, HostPort first, HostPort second) {
        return plain.with(HealthKeys.EXCHANGE, Duration.ofMillis(200))
                .with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.0/8")))
                .with(
                        ProxyKeys.ORIGIN_ADDRESS_MAP,
                        Map.of(InetAddress.ofLiteral(FIRST), first, InetAddress.ofLiteral(SECOND), second));
    }

    /** One of three nodes, which may have another way to the first origin than the others. */
    private TestNode node(List<HostPort> ports, int index, HostPort first, HostPort second) {
        TestNode node = TestNode.start(
                folder.resolve("node" + index), config -> config(Clusters.plain(config, ports, index), first, second));
        opened.add(node);
        return node;
    }

    @Test
    void an_origin_is_out_for_all_when_most_find_it_down_and_one_nodes_broken_path_moves_nothing() throws Exception {
        Origin one = new Origin("one");
        Origin two = new Origin("two");
        HostPort nowhere = FreePort.find();
        List<HostPort> ports = List.of(FreePort.find(), FreePort.find(), FreePort.find());
        TestNode berlin = node(ports, 0, one.at, two.at);
        TestNode paris = node(ports, 1, one.at, two.at);
        TestNode cut = node(ports, 2, nowhere, two.at);
        List<TestNode> all = List.of(berlin, paris, cut);
        Screen screen = berlin.screen(folder);
        screen.run("zone", "add", "health.test");
        for (String address : List.of(FIRST, SECOND)) {
            screen.run("record", "add", "app.health.test", "A", address, "--health-check", CHECK);
            screen.run("record", "add", "shop.health.test", "A", address, "--proxied", "--health-check", CHECK);
        }

        TestNode.await(
                "the node without a way finds the first origin down, the others find it up",
                () -> all.stream()
                        .allMatch(node -> votes(node, FIRST).equals("2 up, 1 down")
                                && votes(node, SECOND).equals("3 up, 0 down")));
        for (TestNode node : all) {
            assertThat(node.dns("app.health.test", "A")).isEqualTo(BOTH);
        }
        assertThat(answers(berlin)).containsExactly("one", "two");
        TestNode.await(
                "its operator sees it",
                () -> cut.screen(folder)
                        .run("status")
                        .out()
                        .matches(
                                "(?s).*http://192\\.0\\.2\\.1:80/up \\(app\\.health\\.test\\) +in +down +1 of 3 +\\S.*"));

        one.status.set(503);
        TestNode.await(
                "it leaves the answers of all nodes",
                () -> all.stream()
                        .allMatch(node -> node.dns("app.health.test", "A").equals(SECOND)));
        TestNode.await(
                "it gets no requests by any node",
                () -> all.stream().allMatch(node -> answers(node).equals(Set.of("two"))));
        TestNode.await(
                "operators see why",
                () -> screen.run("status")
                        .out()
                        .matches(
                                "(?s).*http://192\\.0\\.2\\.1:80/up \\(app\\.health\\.test\\) +out +down +3 of 3 +status 503.*"));

        two.status.set(500);
        TestNode.await(
                "all find both down",
                () -> all.stream().allMatch(node -> votes(node, SECOND).equals("0 up, 3 down")));
        for (TestNode node : all) {
            assertThat(node.dns("app.health.test", "A"))
                    .describedAs("the last one stays")
                    .isEqualTo(SECOND);
        }

        one.status.set(200);
        two.status.set(200);
        TestNode.await(
                "both are back",
                () -> all.stream()
                        .allMatch(node -> node.dns("app.health.test", "A").equals(BOTH)));

        paris.close();
        berlin.close();
        TestNode.await(
                "a node that reaches no other goes by what it finds itself",
                () -> cut.dns("app.health.test", "A").equals(SECOND));
    }

    /** What is found of the DNS-only name's origin. */
    private static String votes(TestNode node, String address) {
        JsonArray checks = node.get("/edge/status").result().getJsonArray("health_checks");
        return checks.stream()
                .map(JsonObject.class::cast)
                .filter(check -> check.getString("check").equals("http://" + address + ":80/up (app.health.test)"))
                .map(check -> check.getInteger("nodes_up") + " up, " + check.getInteger("nodes_down") + " down")
                .findFirst()
                .orElse("unknown");
    }

    /** Who answers the requests of visitors of that node. */
    private static Set<String> answers(TestNode node) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            String answer = fetched(node.node().proxyAddresses().getFirst());
            names.add(answer.substring(answer.lastIndexOf('\n') + 1));
        }
        return names;
    }

    private static String fetched(InetSocketAddress proxy) {
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: shop.health.test\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
