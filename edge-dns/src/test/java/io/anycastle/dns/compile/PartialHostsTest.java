package io.anycastle.dns.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.view.TlsFacts;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.PartialSuffix;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.wire.Wire;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zones whose DNS is elsewhere: what the edge answers for their hosts, and what it does not. */
final class PartialHostsTest {
    private static final String LINES = """
            proxied www       1 A      192.0.2.1
                    www       300 AAAA 2001:db8:9::1
            proxied @         1 A      192.0.2.2
            proxied shop      1 CNAME  origin.example.org.
            proxied *.app     1 A      192.0.2.3
            proxied a.b.deep  1 A      192.0.2.4
                    mail      300 A    192.0.2.25
                    www       300 TXT  hidden
                    cut       300 NS   ns.elsewhere.test.
            proxied www.cut   1 A      192.0.2.5
            """;

    private static final AnswerConfig CONFIG = Asking.CONFIG.withPartialSuffix(
            new PartialSuffix(DomainName.of("cdn.example.net"), List.of(DomainName.of("ns1.anycast.test"))));

    private static final String CNAMES = """
            proxied-flattened flat    1 CNAME www.outside.test.
            proxied-flattened *.wild  1 CNAME www.outside.test.
            proxied           @       1 CNAME www.outside.test.
            proxied           plain   1 CNAME www.outside.test.
            proxied-flattened unheard 1 CNAME unheard.outside.test.
            proxied-flattened own     1 CNAME plain
            """;

    private final ExternalTargets outside = new ExternalTargets();
    private final List<ExternalTarget> held = new ArrayList<>();
    private final Asking edge = new Asking(
            CONFIG,
            outside,
            InstantSource.system(),
            ZoneText.active("example.net", "www 300 A 192.0.2.80\nalias 300 CNAME www.example.com."),
            partial("example.com", 1, ZoneStatus.ACTIVE, false, LINES));

    private static ZoneState partial(String name, int id, ZoneStatus status, boolean isPaused, String lines) {
        return ZoneText.of(head(name, id, ZoneType.PARTIAL, status, isPaused, 1), lines);
    }

    private static Zone head(String name, int id, ZoneType type, ZoneStatus status, boolean isPaused, int version) {
        return new Zone(
                String.format("%032x", id),
                DomainName.of(name),
                type,
                status,
                isPaused,
                version,
                version,
                List.of(DomainName.of("ns1.anycast.test"), DomainName.of("ns2.anycast.test")),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }

    private ZoneState now() {
        return edge.view.get().zone(DomainName.of("example.com")).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        # proxied hosts answer the edge below the suffix
        www.example.com.cdn.example.net. ; A ; NOERROR aa | www.example.com.cdn.example.net. A 198.51.100.1, www.example.com.cdn.example.net. A 198.51.100.2 | |
        www.example.com.cdn.example.net. ; AAAA ; NOERROR aa | www.example.com.cdn.example.net. AAAA 2001:db8:0:0:0:0:0:1 | |
        example.com.cdn.example.net. ; AAAA ; NOERROR aa | example.com.cdn.example.net. AAAA 2001:db8:0:0:0:0:0:1 | |
        shop.example.com.cdn.example.net. ; AAAA ; NOERROR aa | shop.example.com.cdn.example.net. AAAA 2001:db8:0:0:0:0:0:1 | |
        x.app.example.com.cdn.example.net. ; AAAA ; NOERROR aa | x.app.example.com.cdn.example.net. AAAA 2001:db8:0:0:0:0:0:1 | |
        # nothing else of the zone is there
        www.example.com.cdn.example.net. ; TXT ; NOERROR aa | | example.com.cdn.example.net. SOA |
        mail.example.com.cdn.example.net. ; A ; NXDOMAIN aa | | example.com.cdn.example.net. SOA |
        www.cut.example.com.cdn.example.net. ; A ; NXDOMAIN aa | | example.com.cdn.example.net. SOA |
        # the labels between exist, so that a resolver that asks step by step comes through
        com.cdn.example.net. ; A ; NOERROR aa | | cdn.example.net. SOA |
        cdn.example.net. ; NS ; NOERROR aa | cdn.example.net. NS ns1.anycast.test. | |
        cdn.example.net. ; SOA ; NOERROR aa | cdn.example.net. SOA | |
        example.com.cdn.example.net. ; NS ; NOERROR aa | example.com.cdn.example.net. NS ns1.anycast.test. | |
        b.deep.example.com.cdn.example.net. ; A ; NOERROR aa | | example.com.cdn.example.net. SOA |
        example.org.cdn.example.net. ; A ; NXDOMAIN aa | | cdn.example.net. SOA |
        # the zone itself is elsewhere
        www.example.com. ; A ; REFUSED | | |
        example.com. ; SOA ; REFUSED | | |
        mail.example.com. ; A ; REFUSED | | |
        # a CNAME of another zone leads to public DNS
        alias.example.net. ; A ; NOERROR aa | alias.example.net. CNAME www.example.com. | |
        www.example.net. ; A ; NOERROR aa | www.example.net. A 192.0.2.80 | |
        """)
    void proxied_hosts_are_answered_below_the_suffix_and_nothing_else(String name, String type, String expected) {
        assertThat(edge.told(name, type)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"PENDING, false", "MOVED, false", "ACTIVE, true"})
    void hosts_of_a_zone_that_does_not_proxy_answer_their_content(ZoneStatus status, boolean isPaused) {
        edge.view.update(now().withZone(head("example.com", 1, ZoneType.PARTIAL, status, isPaused, 2)), Set.of());
        assertThat(edge.told("www.example.com.cdn.example.net.", "A"))
                .isEqualTo("NOERROR aa | www.example.com.cdn.example.net. A 192.0.2.1 | |");
        assertThat(edge.told("www.example.com.cdn.example.net.", "AAAA"))
                .isEqualTo("NOERROR aa | www.example.com.cdn.example.net. AAAA 2001:db8:9:0:0:0:0:1 | |");
        assertThat(edge.told("shop.example.com.cdn.example.net.", "A"))
                .isEqualTo("NOERROR aa | shop.example.com.cdn.example.net. CNAME origin.example.org. | |");
        edge.view.update(
                now().withZone(head("example.com", 1, ZoneType.PARTIAL, ZoneStatus.ACTIVE, false, 3)), Set.of());
        assertThat(edge.told("shop.example.com.cdn.example.net.", "AAAA")).contains("AAAA 2001:db8:0:0:0:0:0:1");
    }

    @Test
    void a_host_has_an_https_record_where_a_certificate_is_good_for_its_own_name() {
        List<DomainName> names = List.of(DomainName.of("www.example.com"), DomainName.of("*.app.example.com"));
        edge.table.https(HttpsRecords.of(new TlsFacts(names, List.of("h2"), 443), CONFIG, true));
        assertThat(edge.told("www.example.com.cdn.example.net.", "HTTPS"))
                .startsWith("NOERROR aa | www.example.com.cdn.example.net. HTTPS 1 . alpn=h2 ");
        assertThat(edge.told("x.app.example.com.cdn.example.net.", "HTTPS")).contains("HTTPS 1 . alpn=h2 ");
        assertThat(edge.told("shop.example.com.cdn.example.net.", "HTTPS"))
                .isEqualTo("NOERROR aa | | example.com.cdn.example.net. SOA |");
    }

    @Test
    void hosts_come_and_go_with_their_records() {
        edge.view.update(changed("proxied new 1 A 192.0.2.9"), Set.of(DomainName.of("new.example.com")));
        assertThat(edge.told("new.example.com.cdn.example.net.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
        edge.view.update(changed("new 300 A 192.0.2.9"), Set.of(DomainName.of("new.example.com")));
        assertThat(edge.told("new.example.com.cdn.example.net.", "AAAA")).startsWith("NXDOMAIN");
        edge.view.update(changed("proxied www.cut 1 A 192.0.2.9"), Set.of(DomainName.of("www.cut.example.com")));
        assertThat(edge.told("www.cut.example.com.cdn.example.net.", "AAAA")).startsWith("NXDOMAIN");
    }

    @Test
    void a_host_below_a_delegation_appears_when_the_delegation_goes() {
        DomainName cut = DomainName.of("cut.example.com");
        edge.view.update(now().with(ZoneText.names(cut, List.of())), Set.of(cut));
        assertThat(edge.told("www.cut.example.com.cdn.example.net.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
        edge.view.update(changed("cut 300 NS ns.elsewhere.test."), Set.of(cut));
        assertThat(edge.told("www.cut.example.com.cdn.example.net.", "AAAA")).startsWith("NXDOMAIN");
    }

    private ZoneState changed(String line) {
        Record record = ZoneText.record(DomainName.of("example.com"), line);
        return now().with(ZoneText.names(record.name(), List.of(record)));
    }

    @Test
    void a_zone_that_becomes_full_is_answered_itself_and_no_longer_below_the_suffix_and_back() {
        edge.view.update(now().withZone(head("example.com", 1, ZoneType.FULL, ZoneStatus.ACTIVE, false, 2)), Set.of());
        assertThat(edge.told("www.example.com.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
        assertThat(edge.told("mail.example.com.", "A")).contains("192.0.2.25");
        assertThat(edge.told("www.example.com.cdn.example.net.", "A")).startsWith("NXDOMAIN");
        assertThat(edge.told("com.cdn.example.net.", "A")).startsWith("NXDOMAIN");
        edge.view.update(
                now().withZone(head("example.com", 1, ZoneType.PARTIAL, ZoneStatus.ACTIVE, false, 3)), Set.of());
        assertThat(edge.told("www.example.com.", "AAAA")).startsWith("REFUSED");
        assertThat(edge.told("www.example.com.cdn.example.net.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void zones_beside_each_other_come_and_go_alone() {
        ZoneState other = partial("other.com", 2, ZoneStatus.ACTIVE, false, "proxied www 1 A 192.0.2.7");
        edge.view.update(other, other.names().keySet());
        assertThat(edge.told("www.other.com.cdn.example.net.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
        edge.view.remove(DomainName.of("example.com"));
        assertThat(edge.told("www.example.com.cdn.example.net.", "A"))
                .isEqualTo("NXDOMAIN aa | | cdn.example.net. SOA |");
        assertThat(edge.told("www.other.com.cdn.example.net.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
        assertThat(edge.told("com.cdn.example.net.", "A")).startsWith("NOERROR");
    }

    @Test
    void a_host_whose_name_leaves_no_room_for_the_suffix_is_left_out_and_the_others_are_answered() {
        String label = "x".repeat(60);
        String host = label + "." + label + "." + label + "." + "y".repeat(40);
        edge.view.update(changed("proxied " + host + " 1 A 192.0.2.9"), Set.of(DomainName.of(host + ".example.com")));
        assertThat(edge.told("www.example.com.cdn.example.net.", "AAAA")).contains("2001:db8:0:0:0:0:0:1");
    }

    /** The apex cannot show a CNAME, whatever it is set to; other hosts do unless they are set to. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        flat.example.org.cdn.example.net. ; A ; NOERROR aa | flat.example.org.cdn.example.net. A 203.0.113.5 | |
        flat.example.org.cdn.example.net. ; TXT ; NOERROR aa | flat.example.org.cdn.example.net. CNAME www.outside.test. | |
        x.wild.example.org.cdn.example.net. ; A ; NOERROR aa | x.wild.example.org.cdn.example.net. A 203.0.113.5 | |
        example.org.cdn.example.net. ; A ; NOERROR aa | example.org.cdn.example.net. A 203.0.113.5 | |
        example.org.cdn.example.net. ; CNAME ; NOERROR aa | | example.org.cdn.example.net. SOA |
        example.org.cdn.example.net. ; NS ; NOERROR aa | example.org.cdn.example.net. NS ns1.anycast.test. | |
        plain.example.org.cdn.example.net. ; A ; NOERROR aa | plain.example.org.cdn.example.net. CNAME www.outside.test. | |
        unheard.example.org.cdn.example.net. ; A ; SERVFAIL | | |
        own.example.org.cdn.example.net. ; A ; NOERROR aa | own.example.org.cdn.example.net. A 203.0.113.7 | |
        """)
    void a_flattened_cname_of_a_zone_that_does_not_proxy_answers_what_was_learnt(
            String name, String type, String expected) {
        learnt();
        show(partial("example.org", 2, ZoneStatus.ACTIVE, true, CNAMES));
        assertThat(edge.told(name, type)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat.", "x.wild.", "", "plain.", "unheard.", "own."})
    void a_flattened_cname_of_a_zone_that_proxies_answers_the_edge(String host) {
        show(partial("example.org", 2, ZoneStatus.ACTIVE, false, CNAMES));
        assertThat(edge.told(host + "example.org.cdn.example.net.", "AAAA")).contains("AAAA 2001:db8:0:0:0:0:0:1");
    }

    @Test
    void a_zone_that_flattens_all_its_cnames_does_so_below_the_suffix() {
        learnt();
        ZoneState paused = partial("example.org", 2, ZoneStatus.ACTIVE, true, CNAMES);
        show(paused.with(settings("{\"flatten_all_cnames\":true}")));
        assertThat(edge.told("plain.example.org.cdn.example.net.", "A"))
                .isEqualTo("NOERROR aa | plain.example.org.cdn.example.net. A 203.0.113.5 | |");
        edge.view.update(paused, Set.of());
        assertThat(edge.told("plain.example.org.cdn.example.net.", "A")).contains("CNAME www.outside.test.");
    }

    @Test
    void a_zone_that_is_set_to_dns_only_answers_its_content_below_the_suffix() {
        edge.view.update(now().with(settings("{\"zone_mode\":\"dns_only\"}")), Set.of());
        assertThat(edge.told("www.example.com.cdn.example.net.", "A"))
                .isEqualTo("NOERROR aa | www.example.com.cdn.example.net. A 192.0.2.1 | |");
        edge.view.update(now().with(settings("{}")), Set.of());
        assertThat(edge.told("www.example.com.cdn.example.net.", "A")).contains("198.51.100.1");
    }

    @Test
    void a_flattened_cname_of_a_full_zone_leads_to_a_host_below_the_suffix_as_it_is_now() {
        learnt();
        show(ZoneText.active("alias.test", """
                flattened toedge  300 CNAME www.example.com.cdn.example.net.
                flattened further 300 CNAME flat.example.org.cdn.example.net.
                @                 300 CNAME plain.example.org.cdn.example.net.
                """));
        show(partial("example.org", 2, ZoneStatus.ACTIVE, false, CNAMES));
        assertThat(edge.told("toedge.alias.test.", "AAAA")).contains("toedge.alias.test. AAAA 2001:db8:0:0:0:0:0:1");
        assertThat(edge.told("further.alias.test.", "AAAA")).contains("further.alias.test. AAAA 2001:db8:0:0:0:0:0:1");
        show(partial("example.org", 2, ZoneStatus.ACTIVE, true, CNAMES));
        assertThat(edge.told("further.alias.test.", "A"))
                .isEqualTo("NOERROR aa | further.alias.test. A 203.0.113.5 | |");
        assertThat(edge.told("alias.test.", "A")).isEqualTo("NOERROR aa | alias.test. A 203.0.113.5 | |");
    }

    private void learnt() {
        learnt("www.outside.test", "203.0.113.5");
        learnt("plain.example.org", "203.0.113.7"); // a partial zone's own name means what public DNS says
    }

    private void learnt(String name, String address) {
        Rdata rdata = Rdata.of(InetAddress.ofLiteral(address).getAddress());
        RrSet set = ExternalTargets.compiled(Wire.TYPE_A, 300, List.of(rdata));
        held.add(outside.of(DomainName.of(name)));
        held.getLast().learn(Wire.TYPE_A, new ExternalTarget.Learnt(set, Long.MAX_VALUE, 300));
    }

    private static Document settings(String json) {
        return new Document(DnsSettings.KEY, new Stamp(1, 0, "test"), Optional.of(json));
    }

    private void show(ZoneState zone) {
        edge.view.update(zone, zone.names().keySet());
    }

    @Test
    void without_a_suffix_partial_zones_are_not_answered_at_all() {
        Asking bare = new Asking(partial("example.com", 1, ZoneStatus.ACTIVE, false, LINES));
        assertThat(bare.told("www.example.com.", "A")).startsWith("REFUSED");
        assertThat(bare.told("www.example.com.cdn.example.net.", "A")).startsWith("REFUSED");
    }

    @Test
    void a_zone_of_the_store_below_the_suffix_is_not_answered() {
        ZoneState zone = ZoneText.active("com.cdn.example.net", "@ 300 TXT mine");
        edge.view.update(zone, zone.names().keySet());
        assertThat(edge.told("com.cdn.example.net.", "TXT")).isEqualTo("NOERROR aa | | cdn.example.net. SOA |");
    }
}
