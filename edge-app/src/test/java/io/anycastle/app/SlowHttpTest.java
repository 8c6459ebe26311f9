package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.core.model.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** slowhttptest's four modes with a thousand connections against a node as it ships: everybody else's requests all succeed. */
final class SlowHttpTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String HOST = "www.slow.test";
    private static final String LOG = "slowhttptest.log";
    private static final int CONNECTIONS = 1_000;
    private static final String PER_SECOND = "300";
    private static final Duration PROGRAM_MAX = Duration.ofMinutes(1);
    private static final int ANSWER_MAX_MS = 10_000;
    private static final int ANSWERS = 100;
    private static final int LARGE = 4 << 20;
    private static final int PIECE = 16 << 10;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** Connections of the first three all stand meanwhile; ranges are answered or, as too long a head, refused, and that was it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            slow heads             | -H -i 2                        | connections_open
            slow bodies            | -B -i 2 -s 8192                | connections_open
            slow reading           | -X -w 512 -y 1024 -n 2 -z 32   | connections_open
            overlapping ranges     | -R -a 5 -b 1000                | answers_total{status="2xx"}
            more ranges than a head may hold | -R -a 5 -b 3000      | errors_total{code="431"}
            """)
    void the_requests_of_others_succeed(String what, String options, String proof) throws Exception {
        Assumptions.assumeTrue(isThere("slowhttptest"), "slowhttptest is not installed");
        HttpServer origin = origin();
        try (TestNode node = node(origin.getAddress().getPort())) {
            int port = node.node().proxyAddresses().getFirst().getPort();
            Process slow = slow(port, options);
            boolean areHeld = proof.equals("connections_open");
            int answered = 0;
            int meanwhile = 0;
            long most = 0;
            try (Socket kept = new Socket(LOOPBACK, port)) {
                long end = System.nanoTime() + PROGRAM_MAX.toNanos();
                while (slow.isAlive() && System.nanoTime() < end && !(areHeld && meanwhile >= ANSWERS)) {
                    assertThat(status(kept)).isEqualTo("200");
                    try (Socket fresh = new Socket(LOOPBACK, port)) {
                        assertThat(status(fresh)).isEqualTo("200");
                    }
                    answered += 2;
                    meanwhile += most >= (areHeld ? CONNECTIONS : 1) ? 2 : 0;
                    most = Math.max(most, counted(node, proof) - ours(proof, answered));
                }
            } finally {
                slow.destroyForcibly();
            }
            most = Math.max(most, counted(node, proof) - ours(proof, answered));
            assertThat(most).as(Files.readString(folder.resolve(LOG))).isGreaterThanOrEqualTo(CONNECTIONS);
            assertThat(meanwhile).isGreaterThanOrEqualTo(areHeld ? ANSWERS : 2);
            TestNode.await("nothing is left of them", () -> counted(node, "connections_open") == 0);
        } finally {
            origin.stop(0);
        }
    }

    /** How many of what is counted were not the program's. */
    private static int ours(String proof, int answered) {
        return proof.startsWith("answers") ? answered : 0;
    }

    private static HttpServer origin() throws IOException {
        HttpServer origin = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        byte[] piece = new byte[PIECE];
        origin.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            if (call.getRequestURI().getPath().equals("/large")) {
                call.sendResponseHeaders(200, LARGE);
                // In pieces: the server takes a buffer of twice what it is given at once, for each connection.
                for (int sent = 0; sent < LARGE; sent += PIECE) {
                    call.getResponseBody().write(piece);
                }
            } else {
                call.sendResponseHeaders(200, 2);
                call.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            }
            call.close();
        });
        origin.setExecutor(Thread::startVirtualThread);
        origin.start();
        return origin;
    }

    private TestNode node(int originPort) {
        Map<InetAddress, HostPort> origins =
                Map.of(InetAddress.ofLiteral("192.0.2.1"), new HostPort(LOOPBACK, originPort));
        TestNode node = TestNode.start(
                folder.resolve("data"),
                config -> config.with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.0/8")))
                        .with(ProxyKeys.ORIGIN_ADDRESS_MAP, origins));
        node.addProxied(node.addZone("slow.test"), "www", "192.0.2.1");
        return node;
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    /** It takes the node for a proxy that it is to use, since no name leads there. */
    private Process slow(int port, String options) throws IOException {
        String path = options.startsWith("-X") ? "/large" : "/";
        List<String> command = new ArrayList<>(List.of("slowhttptest"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of(
                "-c",
                Integer.toString(CONNECTIONS),
                "-r",
                PER_SECOND,
                "-l",
                Long.toString(PROGRAM_MAX.toSeconds()),
                "-p",
                "3",
                "-x",
                "24",
                "-d",
                "127.0.0.1:" + port,
                "-u",
                "http://" + HOST + path));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(LOG).toFile())
                .start();
    }

    /** What the node says of itself. */
    private static long counted(TestNode node, String counter) {
        return node.bare("GET", "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("anycastle_proxy_" + counter + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String status(Socket socket) {
        try {
            socket.setSoTimeout(ANSWER_MAX_MS);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith("\r\n\r\nok")) {
                int octet = socket.getInputStream().read();
                if (octet < 0) {
                    throw new IOException("cut off: " + answer);
                }
                answer.append((char) octet);
            }
            return answer.substring(9, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
