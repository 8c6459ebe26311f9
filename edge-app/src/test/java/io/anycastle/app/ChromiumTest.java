package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.core.model.Cidr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/3 by a browser: Chromium shows a page that comes through the node, and the node counts that it spoke HTTP/3. */
final class ChromiumTest {
    private static final String SITE = "www.browser.test";
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int PICTURES = 20;
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_browser_shows_a_page_by_http3() throws Exception {
        for (String program : List.of("chromium", "certutil", "openssl")) {
            Assumptions.assumeTrue(isThere(program), program + " is not installed");
        }
        certify();
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        HttpServer origin = origin(asked);
        try (TestNode node = TestNode.start(
                folder.resolve("data"),
                config -> config.with(Keys.HTTPS_LISTEN, List.of(new ListenerAddress(LOOPBACK, 0, 443)))
                        .with(Keys.CERTIFICATE, Optional.of(folder.resolve("site.pem")))
                        .with(Keys.CERTIFICATE_KEY, Optional.of(folder.resolve("site-key.pem")))
                        .with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.0/8")))
                        .with(
                                ProxyKeys.ORIGIN_ADDRESS_MAP,
                                Map.of(
                                        InetAddress.ofLiteral("192.0.2.1"),
                                        new HostPort(
                                                LOOPBACK, origin.getAddress().getPort()))))) {
            String zone = node.addZone("browser.test");
            node.call("PATCH", "/zones/" + zone + "/settings/ssl", "{\"value\":\"flexible\"}")
                    .done();
            node.addProxied(zone, "www", "192.0.2.1");
            int port = node.node().proxyAddresses().get(1).getPort();

            String shown = browse(port);

            assertThat(shown).contains("<p id=\"seen\">written by a script, " + PICTURES + " pictures</p>");
            assertThat(asked)
                    .contains("/", "/script.js")
                    .filteredOn(path -> path.startsWith("/picture"))
                    .hasSize(PICTURES);
            assertThat(counter(node, "anycastle_proxy_http3_connections_total")).isPositive();
            assertThat(counter(node, "anycastle_proxy_http3_floods_total")).isZero();
            assertThat(counter(node, "anycastle_proxy_connections_total"))
                    .describedAs("nothing went by another way")
                    .isEqualTo(counter(node, "anycastle_proxy_http3_connections_total"));
        } finally {
            origin.stop(0);
        }
    }

    private static HttpServer origin(Queue<String> asked) throws IOException {
        HttpServer origin = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        origin.createContext("/", call -> {
            String path = call.getRequestURI().getPath();
            asked.add(path);
            boolean isScript = path.equals("/script.js");
            boolean isPicture = path.startsWith("/picture");
            String body = isScript ? script() : isPicture ? picture() : page();
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders()
                    .set("Content-Type", isScript ? "text/javascript" : isPicture ? "image/svg+xml" : "text/html");
            call.sendResponseHeaders(200, octets.length);
            call.getResponseBody().write(octets);
            call.close();
        });
        origin.start();
        return origin;
    }

    private static String page() {
        StringBuilder page = new StringBuilder("<!doctype html><title>Seen</title><body><p id=seen></p>");
        for (int i = 0; i < PICTURES; i++) {
            page.append("<img src=/picture").append(i).append(".svg>");
        }
        return page.append("<script src=/script.js></script></body>").toString();
    }

    private static String script() {
        return """
                addEventListener('load', () => {
                  const all = [...document.images].filter(each => each.naturalWidth === 7).length;
                  document.getElementById('seen').textContent = `written by a script, ${all} pictures`;
                });
                """;
    }

    private static String picture() {
        return "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='7'/>";
    }

    private static long counter(TestNode node, String name) {
        return node.bare("GET", "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    // ---- the browser

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    /** The page as it is once all of it is loaded. */
    private String browse(int port) throws Exception {
        return run(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--user-data-dir=" + folder.resolve("profile"),
                "--host-resolver-rules=MAP " + SITE + " 127.0.0.1,MAP * ~NOTFOUND",
                "--origin-to-force-quic-on=" + SITE + ":" + port,
                "--virtual-time-budget=20000",
                "--dump-dom",
                "https://" + SITE + ":" + port + "/"));
    }

    /** A root of our own, which the browser's user believes, and the site's certificate by it. */
    private void certify() throws Exception {
        String curve = "ec_paramgen_curve:P-256";
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                curve,
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=Root of a test",
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-keyout",
                "root-key.pem",
                "-out",
                "root.pem"));
        run(List.of(
                "openssl",
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                curve,
                "-nodes",
                "-subj",
                "/CN=" + SITE,
                "-addext",
                "subjectAltName=DNS:" + SITE,
                "-keyout",
                "site-key.pem",
                "-out",
                "site.csr"));
        run(List.of(
                "openssl",
                "x509",
                "-req",
                "-in",
                "site.csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root-key.pem",
                "-copy_extensions",
                "copy",
                "-days",
                "30",
                "-out",
                "site.pem"));
        Path store = Files.createDirectories(folder.resolve("home/.pki/nssdb"));
        run(List.of("certutil", "-d", "sql:" + store, "-N", "--empty-password"));
        run(List.of("certutil", "-d", "sql:" + store, "-A", "-t", "C,,", "-n", "root", "-i", "root.pem"));
    }

    private String run(List<String> command) throws Exception {
        Path log = folder.resolve(command.getFirst() + ".log");
        Path out = folder.resolve(command.getFirst() + ".out");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectError(log.toFile())
                .redirectOutput(out.toFile());
        builder.environment().put("HOME", folder.resolve("home").toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .describedAs(Files.readString(log))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).describedAs(Files.readString(log)).isZero();
        return Files.readString(out);
    }
}
