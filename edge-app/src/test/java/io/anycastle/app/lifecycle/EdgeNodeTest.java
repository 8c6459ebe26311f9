package io.anycastle.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.CheckKeys;
import io.anycastle.app.config.DnsKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Key;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EdgeNodeTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_restart_keeps_zones_records_ids_and_the_token() {
        Answer zones;
        Answer records;
        String token;
        String path;
        try (TestNode node = TestNode.start(folder)) {
            String zone = node.addZone("kept.test");
            path = "/zones/" + zone + "/dns_records";
            node.addRecord(zone, "www", "A", "192.0.2.1");
            node.addRecord(zone, "@", "TXT", "some text");
            zones = node.get("/zones");
            records = node.get(path);
            token = node.token();
        }
        try (TestNode node = TestNode.start(folder)) {
            assertThat(node.token()).isEqualTo(token);
            assertThat(node.node().hasNewToken()).isFalse();
            assertThat(node.get("/zones").text()).isEqualTo(zones.text());
            assertThat(node.get(path).text()).isEqualTo(records.text());
            assertThat(node.dns("www.kept.test", "A")).isEqualTo("192.0.2.1");
        }
    }

    @Test
    void dns_answers_from_the_last_state_before_the_cluster_is_joined() {
        try (TestNode node = TestNode.start(folder)) {
            node.addRecord(node.addZone("early.test"), "www", "A", "192.0.2.1");
        }
        try (EdgeNode node = EdgeNode.start(TestNode.config(folder))) {
            assertThat(node.store().view().get().zones()).hasSize(1);
            assertThat(node.dnsAddresses()).isNotEmpty();
        }
    }

    @Test
    void all_busy_ports_are_told_at_once_and_nothing_is_left_running() throws IOException {
        try (ServerSocket http = new ServerSocket(0, 1, LOOPBACK);
                ServerSocket admin = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket dns = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            EdgeConfig config = on(TestNode.config(folder), Keys.HTTP_LISTEN, http.getLocalPort());
            config = on(config, Keys.ADMIN_LISTEN, admin.getLocalPort());
            config = on(config, DnsKeys.LISTEN, dns.getLocalPort());
            List<String> problems = problems(config);
            assertThat(problems).hasSizeGreaterThanOrEqualTo(3);
            assertThat(String.join("\n", problems))
                    .contains(String.valueOf(http.getLocalPort()))
                    .contains(String.valueOf(admin.getLocalPort()))
                    .contains(String.valueOf(dns.getLocalPort()));
        }
        try (TestNode node = TestNode.start(folder)) {
            assertThat(node.get("/zones").status()).isEqualTo(200);
        }
    }

    @Test
    void a_busy_port_is_told_in_plain_words_and_no_data_folder_is_made() throws IOException {
        Path data = folder.resolve("data");
        for (Key<List<ListenerAddress>> key : List.of(Keys.ADMIN_LISTEN, Keys.HTTP_LISTEN, DnsKeys.LISTEN)) {
            try (ServerSocket busy = new ServerSocket(0, 1, LOOPBACK)) {
                String service = key.path().split("\\.", 2)[0];
                assertThat(problems(on(TestNode.config(data), key, busy.getLocalPort())))
                        .containsExactly(service + ": cannot listen on 127.0.0.1:" + busy.getLocalPort()
                                + " (TCP): another program is listening there");
            }
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void an_unusable_data_folder_and_a_busy_port_are_told_together() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        try (ServerSocket busy = new ServerSocket(0, 1, LOOPBACK)) {
            EdgeConfig config = on(TestNode.config(file), Keys.HTTP_LISTEN, busy.getLocalPort());
            assertThat(problems(config))
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).isEqualTo("data: " + file + " is not a folder"),
                            line -> assertThat(line)
                                    .startsWith("http: cannot listen on 127.0.0.1:" + busy.getLocalPort()));
        }
    }

    @Test
    void a_folder_that_cannot_be_made_is_told_with_its_reason() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertThat(problems(TestNode.config(file.resolve("data"))))
                .containsExactly("data: the folder " + file.resolve("data") + " cannot be made: Not a directory");
        assertThat(problems(TestNode.config(Path.of("/proc/anycastle"))))
                .containsExactly("data: the folder /proc/anycastle cannot be made:"
                        + " there is no folder that it could be made in");
    }

    @Test
    void a_certificate_that_cannot_be_used_is_told_before_anything_is_touched() throws IOException {
        Path data = folder.resolve("data");
        Path none = folder.resolve("none.pem");
        Path text = Files.writeString(folder.resolve("text.pem"), "no PEM");
        try (ServerSocket busy = new ServerSocket(0, 1, LOOPBACK)) {
            EdgeConfig config = on(TestNode.config(data), Keys.HTTP_LISTEN, busy.getLocalPort())
                    .with(Keys.HTTPS_LISTEN, List.of(new ListenerAddress(LOOPBACK, 0, 443)))
                    .with(Keys.CERTIFICATE, Optional.of(none))
                    .with(Keys.CERTIFICATE_KEY, Optional.of(text));
            assertThat(problems(config))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("http: cannot listen on 127.0.0.1:"),
                            line -> assertThat(line).isEqualTo("The TLS file " + none + " cannot be read."));
            assertThat(problems(config.with(Keys.CERTIFICATE, Optional.of(text))))
                    .hasSize(3)
                    .contains(
                            "The TLS file " + text + " holds no certificate in PEM form.",
                            "The TLS file " + text + " holds no private key in PEM form.");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void a_second_node_on_the_same_folder_is_refused() {
        try (TestNode first = TestNode.start(folder)) {
            assertThat(problems(TestNode.config(folder)))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(folder.toString());
            assertThat(first.get("/zones").status()).isEqualTo(200);
        }
    }

    @Test
    void pending_zones_wait_for_their_activation_where_that_is_asked_for() {
        try (TestNode node =
                TestNode.start(folder, config -> config.with(CheckKeys.ACTIVATION, CheckKeys.Activation.CHECK))) {
            String zone = node.addZone("pending.example.com");
            node.call(
                    "POST",
                    "/zones/" + zone + "/dns_records",
                    "{\"name\":\"www\",\"type\":\"A\",\"content\":\"192.0.2.1\",\"proxied\":true}");
            assertThat(node.get("/zones/" + zone).result().getString("status")).isEqualTo("pending");
            assertThat(node.get("/zones/" + zone).result().getValue("activated_on"))
                    .isNull();
            assertThat(node.dns("www.pending.example.com", "A")).isEqualTo("192.0.2.1");
            node.call("PATCH", "/zones/" + zone, "{\"always_active\":true}");
            assertThat(node.get("/zones/" + zone).result().getString("status")).isEqualTo("active");
            assertThat(node.dns("www.pending.example.com", "A")).isEqualTo("198.51.100.1");
        }
    }

    @Test
    void the_names_of_the_metrics_are_as_published() throws IOException {
        String published;
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("/metrics.txt"))) {
            published = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        try (TestNode node = TestNode.start(folder)) {
            List<String> names = new ArrayList<>();
            node.bare("GET", "/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE anycastle_"))
                    .map(line -> line.substring("# TYPE ".length()))
                    .forEach(names::add);
            assertThat(String.join("\n", new TreeSet<>(names)) + "\n").isEqualTo(published);
            assertThat(node.bare("GET", "/metrics").text())
                    .contains("jvm_memory_used_bytes")
                    .contains("anycastle_dns_answers_total{rcode=\"noerror\",transport=\"udp\"}")
                    .contains("anycastle_proxy_errors_total{code=\"1001\"}");
        }
    }

    private static EdgeConfig on(EdgeConfig config, Key<List<ListenerAddress>> key, int port) {
        return config.with(key, List.of(new ListenerAddress(LOOPBACK, port, 80)));
    }

    private static List<String> problems(EdgeConfig config) {
        StartException failure = catchThrowableOfType(
                StartException.class, () -> EdgeNode.start(config).close());
        return Objects.requireNonNull(failure, "it started").problems();
    }
}
