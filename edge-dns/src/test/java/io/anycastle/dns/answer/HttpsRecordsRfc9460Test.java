package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.view.TlsFacts;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.compile.HttpsRecords;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** HTTPS records of proxied names, made from what the proxy offers by TLS. */
class HttpsRecordsRfc9460Test {
    private static final String ZONE = """
            proxied @      1 A     192.0.2.1
            proxied www    1 A     192.0.2.1
            proxied4 four  1 A     192.0.2.1
            proxied6 six   1 A     192.0.2.1
            proxied alias  1 CNAME origin.outside.test.
            proxied own    1 A     192.0.2.1
            own          300 HTTPS 1 . alpn=h3
            proxied a.b    1 A     192.0.2.1
            plain        300 A     192.0.2.1
            """;

    private final Asking edge = new Asking(ZoneText.active("example.com", ZONE));

    private void offer(int port, List<String> alpn, boolean hasHints, String... names) {
        TlsFacts facts = new TlsFacts(Stream.of(names).map(DomainName::of).toList(), alpn, port);
        edge.table.https(HttpsRecords.of(facts, Asking.CONFIG, hasHints));
    }

    private void offer() {
        offer(443, List.of("h2"), true, "example.com", "*.example.com");
    }

    private String https(String name) {
        String told = edge.told(name, "HTTPS");
        return told.substring(0, told.lastIndexOf('|')).strip();
    }

    @Test
    void without_tls_a_proxied_name_has_no_https_record() {
        assertThat(https("www.example.com.")).isEqualTo("NOERROR aa | | example.com. SOA");
    }

    @Test
    void a_proxied_name_tells_protocols_and_edge_addresses() {
        offer();
        String parameters = "1 . alpn=h2 ipv4hint=198.51.100.1,198.51.100.2 ipv6hint=2001:db8:0:0:0:0:0:1";
        assertThat(https("www.example.com.")).isEqualTo("NOERROR aa | www.example.com. HTTPS " + parameters + " |");
        assertThat(https("example.com.")).isEqualTo("NOERROR aa | example.com. HTTPS " + parameters + " |");
        assertThat(https("alias.example.com.")).isEqualTo("NOERROR aa | alias.example.com. HTTPS " + parameters + " |");
    }

    /** RFC 2181 section 5. */
    @Test
    void an_edge_address_that_the_settings_repeat_is_hinted_at_and_answered_once() {
        Inet4Address address = (Inet4Address) InetAddress.ofLiteral("198.51.100.1");
        AnswerConfig twice = Asking.CONFIG.withEdge(List.of(address, address), List.of());
        Asking repeating = new Asking(twice, ZoneText.active("example.com", "proxied www 1 A 192.0.2.1"));
        TlsFacts facts = new TlsFacts(List.of(DomainName.of("www.example.com")), List.of("h2"), 443);
        repeating.table.https(HttpsRecords.of(facts, twice, true));
        assertThat(repeating.told("www.example.com.", "A"))
                .isEqualTo("NOERROR aa | www.example.com. A 198.51.100.1 | |");
        assertThat(repeating.told("www.example.com.", "HTTPS")).contains("ipv4hint=198.51.100.1 |");
    }

    @Test
    void a_name_of_one_family_hints_at_that_family_only() {
        offer();
        assertThat(https("four.example.com.")).contains("ipv4hint").doesNotContain("ipv6hint");
        assertThat(https("six.example.com.")).contains("ipv6hint").doesNotContain("ipv4hint");
    }

    @Test
    void a_port_other_than_443_is_told_and_http_1_1_is_not() {
        offer(8443, List.of(), true, "*.example.com");
        assertThat(https("www.example.com."))
                .contains("HTTPS 1 . port=8443 ipv4hint")
                .doesNotContain("alpn");
    }

    @Test
    void names_that_no_certificate_is_good_for_have_none() {
        offer(443, List.of("h2"), true, "*.example.com");
        assertThat(https("example.com.")).isEqualTo("NOERROR aa | | example.com. SOA");
        assertThat(https("a.b.example.com.")).isEqualTo("NOERROR aa | | example.com. SOA");
    }

    @Test
    void a_users_own_record_wins_and_a_name_that_is_not_proxied_has_only_that() {
        offer();
        assertThat(https("own.example.com.")).isEqualTo("NOERROR aa | own.example.com. HTTPS 1 . alpn=h3 |");
        assertThat(https("plain.example.com.")).isEqualTo("NOERROR aa | | example.com. SOA");
    }

    @Test
    void a_zone_that_does_not_proxy_has_none() {
        offer(443, List.of("h2"), true, "*.example.net");
        var pending = ZoneText.of(ZoneText.zone("example.net", ZoneStatus.PENDING, false, 1), ZONE);
        edge.view.update(pending, pending.names().keySet());
        assertThat(https("www.example.net.")).isEqualTo("NOERROR aa | | example.net. SOA");
    }

    @Test
    void a_zone_that_is_not_served_on_the_port_has_none() {
        offer();
        for (int port : List.of(8443, 443)) {
            var zone = ZoneText.active("example.com", ZONE)
                    .with(new Document(
                            ProxySettings.KEY,
                            new Stamp(1, 0, "n"),
                            Optional.of("{\"client_ports\":[80," + port + "]}")));
            edge.view.update(zone, zone.names().keySet());
            assertThat(https("www.example.com.").contains("HTTPS 1 ")).isEqualTo(port == 443);
        }
    }

    @Test
    void where_nodes_answer_by_turns_their_addresses_are_not_hinted_at() {
        offer(443, List.of("h3", "h2"), false, "*.example.com");
        assertThat(https("www.example.com.")).isEqualTo("NOERROR aa | www.example.com. HTTPS 1 . alpn=h3,h2 |");
    }
}
