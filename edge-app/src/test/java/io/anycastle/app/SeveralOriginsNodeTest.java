package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.app.config.SeveralOriginsKeys;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that leaves an origin out says so where its operator looks. */
final class SeveralOriginsNodeTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void an_origin_that_is_out_stands_in_status() throws IOException {
        HttpServer origin = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        origin.createContext("/", call -> {
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        origin.start();
        HostPort dead = FreePort.find();
        HostPort alive = new HostPort(LOOPBACK, origin.getAddress().getPort());
        try (TestNode node = TestNode.start(
                folder,
                config -> config.with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.0/8")))
                        .with(SeveralOriginsKeys.FAILURES, 2)
                        .with(
                                ProxyKeys.ORIGIN_ADDRESS_MAP,
                                Map.of(
                                        InetAddress.ofLiteral("192.0.2.1"),
                                        dead,
                                        InetAddress.ofLiteral("192.0.2.2"),
                                        alive)))) {
            String zone = node.addZone("several.test");
            node.addProxied(zone, "www", "192.0.2.1");
            node.addProxied(zone, "www", "192.0.2.2");
            Screen screen = node.screen(folder);
            assertThat(screen.run("status").out()).doesNotContain("Why");
            for (int i = 0; i < 6; i++) {
                assertThat(status(node)).isEqualTo("HTTP/1.1 204");
            }
            assertThat(screen.run("status").out())
                    .containsPattern("\nOrigin .*Why\nhttp://127\\.0\\.0\\.1:" + dead.port()
                            + " +out +\\d+ ms +1 +521 Web server is down\n");
            JsonArray told = new JsonObject(screen.run("status", "--json").out()).getJsonArray("origins");
            assertThat(told.stream().map(each -> ((JsonObject) each).getString("state")))
                    .containsExactly("out", "in");
            assertThat(node.get("/edge/status").result().getJsonArray("origins").getJsonObject(1))
                    .isEqualTo(new JsonObject()
                            .put("address", "127.0.0.1:" + alive.port())
                            .put("scheme", "http")
                            .put("state", "in")
                            .put("left_ms", 0)
                            .put("ejections", 0)
                            .put("failures", 0)
                            .put("outstanding", 0));
        } finally {
            origin.stop(0);
        }
    }

    private static String status(TestNode node) {
        int port = node.node().proxyAddresses().getFirst().getPort();
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: www.several.test\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).substring(0, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
