package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
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
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** One node in the container image, asked on its own address over UDP, TCP and HTTP. */
@EnabledIf(
        value = "imageIsBuilt",
        disabledReason = "no Docker engine answered when the image was to be built (src/container/build.sh says so)")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerIT {
    private static final Path IMAGE = Path.of("target", "container", "image");
    private static final String CONFIG = """
            edge:
              addresses: [198.51.100.1, "2001:db8::1"]
            dns:
              listen: [{address: 0.0.0.0, port: 53}]
            http:
              listen: [{address: 0.0.0.0, port: 80}]
            data: /var/lib/anycastle
            """;

    @SuppressWarnings("NullAway.Init")
    private GenericContainer<?> node;

    static boolean imageIsBuilt() {
        return Files.exists(IMAGE);
    }

    @BeforeAll
    void start() throws IOException, InterruptedException {
        DockerImageName image = DockerImageName.parse(Files.readString(IMAGE).strip());
        node = new GenericContainer<>(image)
                .withImagePullPolicy(name -> false)
                .withCopyToContainer(Transferable.of(CONFIG), "/etc/anycastle/edge.yml")
                .waitingFor(Wait.forLogMessage(".*ready, .*\\n", 1))
                .withStartupTimeout(Duration.ofSeconds(60));
        node.start();
        edge("zone", "add", "example.com");
        edge("record", "add", "blog.example.com", "A", "192.0.2.1", "--proxied");
        edge("record", "add", "shop.example.com", "A", "192.0.2.2");
    }

    @AfterAll
    void stop() {
        node.stop();
    }

    private String edge(String... words) throws IOException, InterruptedException {
        String[] command = {
            "/opt/anycastle/runtime/bin/java", "@/opt/anycastle/jvm.options", "-jar", "/opt/anycastle/lib/edge-app.jar"
        };
        String[] all = Arrays.copyOf(command, command.length + words.length);
        System.arraycopy(words, 0, all, command.length, words.length);
        ExecResult result = node.execInContainer(all);
        assertThat(result.getExitCode())
                .describedAs("%s%n%s", result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }

    private String address() {
        return node.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .map(network -> Objects.requireNonNullElse(network.getIpAddress(), ""))
                .findFirst()
                .orElseThrow();
    }

    private Message ask(String name, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(address());
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(
                Message.newQuery(org.xbill.DNS.Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
    }

    private static String onlyAddress(Message answer) {
        assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
        return ((ARecord) answer.getSection(Section.ANSWER).get(0)).getAddress().getHostAddress();
    }

    @Test
    void a_dns_only_name_answers_its_content_over_udp_and_tcp() throws IOException {
        assertThat(onlyAddress(ask("shop.example.com.", false))).isEqualTo("192.0.2.2");
        assertThat(onlyAddress(ask("shop.example.com.", true))).isEqualTo("192.0.2.2");
    }

    @Test
    void a_proxied_name_answers_the_edge_address_over_udp_and_tcp() throws IOException {
        assertThat(onlyAddress(ask("blog.example.com.", false))).isEqualTo("198.51.100.1");
        assertThat(onlyAddress(ask("blog.example.com.", true))).isEqualTo("198.51.100.1");
    }

    @Test
    void the_manual_is_in_the_image() throws IOException, InterruptedException {
        assertThat(edge("help", "records")).contains("Flattened CNAMEs");
    }

    @Test
    void the_proxy_port_answers_a_trace() throws IOException, InterruptedException {
        HttpResponse<String> trace = fetch("/cdn-cgi/trace");
        assertThat(trace.statusCode()).isEqualTo(200);
        assertThat(trace.body()).contains("colo=").contains("ip=");
    }

    private HttpResponse<String> fetch(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + address() + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        }
    }
}
