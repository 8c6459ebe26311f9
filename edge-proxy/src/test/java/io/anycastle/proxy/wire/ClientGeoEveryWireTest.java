package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.geo.GeoConfig;
import io.anycastle.core.geo.GeoFileWriter;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a visitor is, by GeoIP files, whatever it speaks: told to origins, in traces and in the access log. */
class ClientGeoEveryWireTest {
    private static final int LARGE = 1 << 20;

    @TempDir
    private Path folder;

    private TestCertificate certificate;
    private ScriptedOrigin origin;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create(ClientWire.HOST);
        origin = new ScriptedOrigin();
    }

    @AfterEach
    void stop() throws Exception {
        origin.close();
        certificate.close();
    }

    private Edge edge() {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
    }

    private void country(String network, String code) throws IOException {
        place("countries.mmdb", new GeoFileWriter(24, true).with(network, Map.of("country", Map.of("iso_code", code))));
    }

    private void place(String name, GeoFileWriter writer) throws IOException {
        Path next = folder.resolve("next");
        Files.write(next, writer.bytes());
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private GeoConfig countries() {
        return new GeoConfig(Optional.of(folder.resolve("countries.mmdb")), Optional.empty(), Duration.ofMillis(10));
    }

    private List<String> told() throws InterruptedException {
        return origin.nextHead().stream()
                .filter(line -> line.startsWith("cf-ipcountry"))
                .toList();
    }

    private void ask(Visit visit, String... lines) throws Exception {
        visit.get("/", lines);
        assertThat(visit.head().status()).isEqualTo(200);
        visit.rest();
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origin_is_told_the_country_by_the_edge_alone(ClientWire wire) throws Exception {
        country("127.0.0.0/8", "DE");
        try (Edge edge = edge().geo(countries()).start();
                Visit visit = wire.visit(edge)) {
            ask(visit, "CF-IPCountry: FR", "cf_ipcountry: FR");
            assertThat(told()).containsExactly("cf-ipcountry: DE");
            visit.get("/cdn-cgi/trace");
            visit.head();
            assertThat(new String(visit.rest().body(), StandardCharsets.UTF_8)).contains("\nloc=DE\n");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_page_of_a_zones_own_tells_it(ClientWire wire) throws Exception {
        country("127.0.0.0/8", "DE");
        try (Edge edge = edge().geo(countries())
                        .site(
                                "example.com",
                                "+a.example.com A 192.0.2.77",
                                "@proxy/pages/5xx {\"html\":\"<p>::GEO::</p>\"}")
                        .origin("192.0.2.77", "127.0.0.1", 1)
                        .start();
                Visit visit = wire.visit(edge)) {
            visit.get("/", "Accept: text/html");
            assertThat(visit.head().status()).isEqualTo(521);
            assertThat(new String(visit.rest().body(), StandardCharsets.UTF_8)).isEqualTo("<p>DE</p>");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void without_a_file_no_country_is_told(ClientWire wire) throws Exception {
        try (Edge edge = edge().start();
                Visit visit = wire.visit(edge)) {
            ask(visit, "CF-IPCountry: FR");
            assertThat(told()).isEmpty();
            visit.get("/cdn-cgi/trace");
            visit.head();
            assertThat(new String(visit.rest().body(), StandardCharsets.UTF_8)).contains("\nloc=XX\n");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void behind_a_trusted_proxy_each_request_has_its_own_country(ClientWire wire) throws Exception {
        country("198.51.100.0/24", "DE");
        try (Edge edge = edge().geo(countries()).trusted("127.0.0.1").start();
                Visit visit = wire.visit(edge)) {
            ask(visit, "X-Forwarded-For: 198.51.100.7");
            assertThat(told()).containsExactly("cf-ipcountry: DE");
            ask(visit, "X-Forwarded-For: 203.0.113.7");
            assertThat(told()).containsExactly("cf-ipcountry: XX");
            ask(visit);
            assertThat(told()).containsExactly("cf-ipcountry: XX");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void another_file_counts_for_new_connections_and_a_broken_one_for_none(ClientWire wire) throws Exception {
        country("127.0.0.0/8", "DE");
        try (Edge edge = edge().geo(countries()).start();
                Visit kept = wire.visit(edge)) {
            ask(kept);
            assertThat(told()).containsExactly("cf-ipcountry: DE");
            country("127.0.0.0/8", "JP");
            Await.until(() -> isTold(wire, edge, "JP"));
            Files.write(folder.resolve("countries.mmdb"), new byte[] {1, 2, 3});
            assertThat(isTold(wire, edge, "JP")).isTrue();
            ask(kept);
            assertThat(told()).containsExactly("cf-ipcountry: DE");
        }
    }

    private boolean isTold(ClientWire wire, Edge edge, String country) {
        try (Visit visit = wire.visit(edge)) {
            ask(visit);
            return told().equals(List.of("cf-ipcountry: " + country));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void the_access_log_tells_country_and_system_of_those_that_are_known(ClientWire wire) throws Exception {
        country("198.51.100.0/24", "DE");
        place(
                "systems.mmdb",
                new GeoFileWriter(24, true).with("198.51.100.0/24", Map.of("autonomous_system_number", 64_500)));
        GeoConfig both = new GeoConfig(
                countries().country(), Optional.of(folder.resolve("systems.mmdb")), Duration.ofMinutes(1));
        try (Edge edge = edge().geo(both)
                        .trusted("127.0.0.1")
                        .accessLog(new AccessLogConfig(
                                true,
                                LogTarget.FILE,
                                folder.resolve("access.log"),
                                LARGE,
                                0,
                                Optional.empty(),
                                LARGE,
                                Duration.ofMillis(10)))
                        .start();
                Visit visit = wire.visit(edge)) {
            ask(visit, "X-Forwarded-For: 198.51.100.7");
            ask(visit, "X-Forwarded-For: 203.0.113.7");
            Await.until(() -> logged().size() == 2);
            assertThat(logged().getFirst().getString("country")).isEqualTo("DE");
            assertThat(logged().getFirst().getLong("asn")).isEqualTo(64_500);
            assertThat(logged().getLast().fieldNames()).doesNotContain("country", "asn");
        }
    }

    private List<JsonObject> logged() {
        try {
            return Files.readAllLines(folder.resolve("access.log"), StandardCharsets.US_ASCII).stream()
                    .map(JsonObject::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
