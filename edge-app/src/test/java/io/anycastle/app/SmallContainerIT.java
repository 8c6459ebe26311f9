package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The whole node with 10,000 records in a container that may have 512 MiB and no swap. */
@EnabledIf(
        value = "imageIsBuilt",
        disabledReason = "no Docker engine answered when the image was to be built (src/container/build.sh says so)")
class SmallContainerIT {
    private static final long MEMORY = 512L << 20;
    private static final int RECORDS = 10_000;
    private static final int PAGES = 1_000;
    private static final int PAGE_OCTETS = 256 << 10;
    private static final int VISITORS = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @SuppressWarnings("NullAway.Init")
    private HttpServer origin;

    @SuppressWarnings("NullAway.Init")
    private GenericContainer<?> node;

    static boolean imageIsBuilt() {
        return ContainerIT.imageIsBuilt();
    }

    @BeforeEach
    void start() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(0), 0);
        origin.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, PAGE_OCTETS);
            exchange.getResponseBody().write(new byte[PAGE_OCTETS]);
            exchange.close();
        });
        origin.start();
        node = new GenericContainer<>(DockerImageName.parse(Files.readString(Path.of("target", "container", "image"))
                        .strip()))
                .withImagePullPolicy(name -> false)
                .withCopyToContainer(Transferable.of(config()), "/etc/anycastle/edge.yml")
                .withCreateContainerCmdModifier(create -> Objects.requireNonNull(create.getHostConfig())
                        .withMemory(MEMORY)
                        .withMemorySwap(MEMORY))
                .waitingFor(Wait.forLogMessage(".*ready, .*\\n", 1))
                .withStartupTimeout(PATIENCE);
        node.start();
    }

    private String config() {
        return """
                data: /var/lib/anycastle
                drain-time: 0s
                edge: {addresses: [198.51.100.1]}
                dns: {listen: [{address: 0.0.0.0, port: 53}]}
                http: {listen: [{address: 0.0.0.0, port: 80}]}
                origin: {port: %d}
                admin: {listen: [{address: 0.0.0.0, port: 8053}]}
                """.formatted(origin.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        node.stop();
        origin.stop(0);
        client.close();
    }

    @Test
    void ten_thousand_records_are_loaded_answered_proxied_and_read_again_after_a_restart() throws Exception {
        load();
        askForAll();
        visit();
        ExecResult status = node.execInContainer(
                "/opt/anycastle/runtime/bin/java", "-jar", "/opt/anycastle/lib/edge-app.jar", "status");
        assertThat(status.getExitCode()).describedAs(status.getStderr()).isZero();
        assertThatItLives();

        node.getDockerClient()
                .restartContainerCmd(node.getContainerId())
                .withTimeout(30)
                .exec();
        awaitWrites();
        askForAll();
        visit();
        assertThatItLives();
    }

    /** One zone file; a tenth of its names are proxied to this machine. */
    private void load() throws IOException, InterruptedException {
        awaitWrites();
        String zone = new JsonObject(send(api("/zones")
                                .POST(BodyPublishers.ofString("{\"name\":\"example.com\"}"))
                                .header("Content-Type", "application/json"))
                        .body())
                .getJsonObject("result")
                .getString("id");
        String gateway = node.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .map(network -> Objects.requireNonNullElse(network.getGateway(), ""))
                .findFirst()
                .orElseThrow();
        StringBuilder file = new StringBuilder("$ORIGIN example.com.\n$TTL 300\n");
        for (int i = 0; i < RECORDS; i++) {
            file.append(
                    "h%d IN A %s%n".formatted(i, isProxied(i) ? gateway + " ; cf_tags=cf-proxied:true" : content(i)));
        }
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"zone\"\r\n\r\n" + file
                + "\r\n--b--\r\n";
        HttpResponse<String> imported = send(api("/zones/" + zone + "/dns_records/import")
                .POST(BodyPublishers.ofString(body))
                .header("Content-Type", "multipart/form-data; boundary=b"));
        assertThat(imported.body()).contains("\"recs_added\":" + RECORDS);
    }

    private static boolean isProxied(int i) {
        return i % 10 == 0;
    }

    private static String content(int i) {
        return "192.0." + (i >> 8) + "." + (i & 0xff);
    }

    private void askForAll() throws IOException {
        SimpleResolver resolver = new SimpleResolver(address());
        resolver.setTimeout(PATIENCE);
        for (int i = 0; i < RECORDS; i++) {
            Name name = Name.fromString("h" + i + ".example.com.");
            Message answer = resolver.send(Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)));
            assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
            assertThat(((ARecord) answer.getSection(Section.ANSWER).getFirst())
                            .getAddress()
                            .getHostAddress())
                    .isEqualTo(isProxied(i) ? "198.51.100.1" : content(i));
        }
    }

    /** Many visitors at once, who get pages through the proxy. */
    private void visit() throws InterruptedException, ExecutionException {
        try (ExecutorService visitors = Executors.newFixedThreadPool(VISITORS)) {
            List<Future<Integer>> pages = new ArrayList<>();
            for (int i = 0; i < PAGES; i++) {
                int host = i % (RECORDS / 10) * 10;
                pages.add(visitors.submit(() -> pageOctets("h" + host + ".example.com")));
            }
            for (Future<Integer> page : pages) {
                assertThat(page.get()).isEqualTo(PAGE_OCTETS);
            }
        }
    }

    /** By hand: the JDK's client sends no Host field of one's own. */
    private int pageOctets(String host) throws IOException {
        try (Socket socket = new Socket(address(), 80)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            return answer.length() - answer.indexOf("\r\n\r\n") - 4;
        }
    }

    private void awaitWrites() {
        TestNode.await("changes are taken", () -> {
            try {
                return send(HttpRequest.newBuilder(URI.create("http://" + address() + ":8053/readyz?writes")))
                                .statusCode()
                        == 200;
            } catch (IOException e) {
                return false; // not yet
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        });
    }

    private HttpRequest.Builder api(String path) {
        String token = node.copyFileFromContainer(
                "/var/lib/anycastle/admin.token",
                file -> new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
        return HttpRequest.newBuilder(URI.create("http://" + address() + ":8053/client/v4" + path))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    /** As the engine has it now: a restart may change it. */
    private String address() {
        return inspect().getNetworkSettings().getNetworks().values().stream()
                .map(network -> Objects.requireNonNullElse(network.getIpAddress(), ""))
                .findFirst()
                .orElseThrow();
    }

    private InspectContainerResponse inspect() {
        return node.getDockerClient().inspectContainerCmd(node.getContainerId()).exec();
    }

    private void assertThatItLives() {
        InspectContainerResponse.ContainerState state = inspect().getState();
        assertThat(state.getRunning()).isTrue();
        assertThat(state.getOOMKilled()).isFalse();
    }
}
