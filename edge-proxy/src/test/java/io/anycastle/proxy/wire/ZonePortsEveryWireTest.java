package io.anycastle.proxy.wire;

import static io.anycastle.proxy.wire.ClientWire.onEveryWire;
import static io.anycastle.proxy.wire.ClientWire.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.ListenerStatus;
import io.anycastle.proxy.reply.EdgeError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** On which public ports a zone is served, and on which port its origin is asked then, whatever the visitor speaks. */
class ZonePortsEveryWireTest {
    private static TestCertificate certificate;
    private static ScriptedOrigin origin;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create(ClientWire.HOST);
        origin = new ScriptedOrigin();
    }

    @AfterAll
    static void stop() throws Exception {
        origin.close();
        certificate.close();
    }

    private static Edge edge(List<Integer> http, List<Integer> https) {
        List<ListenerConfig> listeners = new ArrayList<>();
        http.forEach(port ->
                listeners.add(new ListenerConfig("127.0.0.1", 0, OptionalInt.of(port), Optional.empty(), true, false)));
        https.forEach(port -> listeners.add(new ListenerConfig(
                "127.0.0.1", 0, OptionalInt.of(port), Optional.of(certificate.files()), true, true)));
        return Edge.edge().tls(OriginTlsMode.FLEXIBLE).listeners(listeners.toArray(ListenerConfig[]::new));
    }

    private static Visit visit(ClientWire wire, Edge edge, int publicPort) throws Exception {
        ListenerStatus listener = edge.service().listeners().stream()
                .filter(open -> open.publicPort() == publicPort && open.scheme().equals(wire.scheme()))
                .findFirst()
                .orElseThrow();
        return wire.visit("127.0.0.1", listener.port());
    }

    private static int status(ClientWire wire, Edge edge, int publicPort) throws Exception {
        try (Visit visit = visit(wire, edge, publicPort)) {
            return status(visit);
        }
    }

    private static int status(Visit visit) throws IOException {
        visit.get("/");
        int status = visit.head().status();
        visit.rest();
        return status;
    }

    /** What the zone says, the visitor's port without TLS and with it, and whether the zone is served there. */
    static Stream<Arguments> ports() {
        return onEveryWire(
                row("", 80, 443, true),
                row("", 8880, 8443, true),
                row("", 9000, 9443, false),
                row("{\"client_ports\":[9000,9443]}", 9000, 9443, true),
                row("{\"client_ports\":[9000,9443]}", 80, 443, false),
                row("{\"client_ports\":[80,443]}", 8880, 8443, false),
                row("{\"client_ports\":\"all\"}", 8880, 8443, true));
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("ports")
    void a_zone_is_served_on_its_own_ports_or_else_on_the_usual_ones(
            ClientWire wire, String zone, int plainPort, int tlsPort, boolean isServed) throws Exception {
        String[] lines = zone.isEmpty()
                ? new String[] {"+a.example.com A 192.0.2.1"}
                : new String[] {zone, "+a.example.com A 192.0.2.1"};
        int port = wire.isTls() ? tlsPort : plainPort;
        try (Edge edge = edge(List.of(80, 8880, 9000), List.of(443, 8443, 9443))
                        .site("example.com", lines)
                        .origin("192.0.2.1", origin.port())
                        .start();
                Visit visit = visit(wire, edge, port)) {
            visit.get("/", "Accept: application/json");
            Visit.Head head = visit.head();
            String body = new String(visit.rest().body(), StandardCharsets.UTF_8);
            assertThat(head.status()).isEqualTo(isServed ? 200 : 421);
            assertThat(body.contains("\"error_name\":\"port_not_served\"")).isNotEqualTo(isServed);
            assertThat(edge.counters().of(EdgeError.PORT_NOT_SERVED)).isEqualTo(isServed ? 0 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void the_hosts_own_zone_decides_also_behind_a_cname(ClientWire wire) throws Exception {
        try (Edge edge = edge(List.of(80, 8880), List.of(443, 8443))
                .site("example.com", "{\"client_ports\":[8880,8443]}", "a.example.com CNAME www.example.net")
                .site("example.net", "{\"client_ports\":[80,443]}", "+www.example.net A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start()) {
            assertThat(status(wire, edge, wire.isTls() ? 8443 : 8880)).isEqualTo(200);
            assertThat(status(wire, edge, wire.isTls() ? 443 : 80)).isEqualTo(421);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_change_of_the_zone_holds_from_the_next_request_on(ClientWire wire) throws Exception {
        String site = "+a.example.com A 192.0.2.1";
        try (Edge edge = edge(List.of(80), List.of(443))
                        .site("example.com", site)
                        .origin("192.0.2.1", origin.port())
                        .start();
                Visit visit = visit(wire, edge, wire.isTls() ? 443 : 80)) {
            assertThat(status(visit)).isEqualTo(200);
            edge.site("example.com", "{\"client_ports\":[8080]}", site);
            assertThat(status(visit)).isEqualTo(421);
            edge.site("example.com", site);
            assertThat(status(visit)).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void where_no_listener_of_the_scheme_has_a_usual_port_zones_are_served_on_all(ClientWire wire) throws Exception {
        try (Edge edge = edge(wire.isTls() ? List.of(80) : List.of(1234), wire.isTls() ? List.of(1235) : List.of(443))
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start()) {
            assertThat(status(wire, edge, wire.isTls() ? 1235 : 1234)).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void the_visitors_port_is_the_origins_unless_another_is_said(ClientWire wire) throws Exception {
        int theirs = origin.port();
        try (ScriptedOrigin other = new ScriptedOrigin();
                Edge edge = edge(List.of(theirs), List.of(theirs))
                        .here("192.0.2.1")
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .start();
                Visit visit = visit(wire, edge, theirs)) {
            origin.forget();
            assertThat(status(visit)).isEqualTo(200);
            assertThat(origin.unseen()).isEqualTo(1);
            edge.site("example.com", "{\"origin_port\":" + other.port() + "}", "+a.example.com A 192.0.2.1");
            assertThat(status(visit)).isEqualTo(200);
            assertThat(other.unseen()).isEqualTo(1);
            edge.site(
                    "example.com",
                    "{\"origin_port\":" + other.port() + "}",
                    "+a.example.com A 192.0.2.1 {\"origin_port\":" + theirs + "}");
            assertThat(status(visit)).isEqualTo(200);
            assertThat(origin.unseen()).isEqualTo(2);
        }
    }
}
