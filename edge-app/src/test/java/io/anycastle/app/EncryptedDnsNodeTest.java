package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.config.DnsHttpsKeys;
import io.anycastle.app.config.DnsTlsKeys;
import io.anycastle.app.config.ListenerAddress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that answers DNS in TLS tells when its certificate ends, so that nobody learns it from clients. */
final class EncryptedDnsNodeTest {
    private static final String METRIC = "anycastle_dns_tls_certificate_expiry_seconds";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void the_end_of_the_certificate_is_told_by_status_and_metrics() throws Exception {
        SelfSigned files = SelfSigned.make(folder, "dns.test");
        List<ListenerAddress> free = List.of(new ListenerAddress(InetAddress.ofLiteral("127.0.0.1"), 0, 853));
        try (TestNode node = TestNode.start(
                folder.resolve("data"),
                config -> config.with(DnsTlsKeys.LISTEN, free)
                        .with(DnsHttpsKeys.LISTEN, free)
                        .with(DnsTlsKeys.CERTIFICATE, Optional.of(files.certificate()))
                        .with(DnsTlsKeys.KEY, Optional.of(files.key())))) {
            String end = files.expires().toString();
            Map<String, Optional<String>> told = new TreeMap<>();
            JsonArray listeners = node.get("/edge/status").result().getJsonArray("listeners");
            for (int i = 0; i < listeners.size(); i++) {
                JsonObject listener = listeners.getJsonObject(i);
                told.put(listener.getString("service"), Optional.ofNullable(listener.getString("certificate_expires")));
            }
            assertThat(told)
                    .containsEntry("dns/dot", Optional.of(end))
                    .containsEntry("dns/doh", Optional.of(end))
                    .containsEntry("dns/udp", Optional.empty())
                    .containsEntry("admin", Optional.empty());
            assertThat(node.screen().done("status"))
                    .containsPattern("dns/dot .* " + end)
                    .containsPattern("dns/doh .* " + end)
                    .containsPattern("dns/udp .* -\n");
            assertThat(expiry(node)).isEqualTo((double) files.expires().getEpochSecond());
        }
    }

    @Test
    void without_a_certificate_the_metric_is_no_number_so_that_no_alert_compares_it() {
        try (TestNode node = TestNode.start(folder)) {
            assertThat(expiry(node)).isNaN();
        }
    }

    private static double expiry(TestNode node) {
        return node.bare("GET", "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(METRIC + " "))
                .map(line -> Double.parseDouble(line.substring(METRIC.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
