package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.ZoneText;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Section;

/** MX and SRV records that name proxied hosts: mail goes to the origin, not to the edge. */
class MailHostsTest {
    private static final String ZONE = """
            @           300 MX  10 mail
            @           300 MX  20 plain
            @           300 MX  30 mx.outside.test.
            sub         300 MX  10 cname
            both        300 MX  10 @
            _sip._tcp   300 SRV 0 5 5060 mail
            plain       300 A   192.0.2.7
            proxied mail  1 A    192.0.2.25
            proxied mail  1 AAAA 2001:db8::25
            proxied cname 1 CNAME relay.outside.test.
            proxied @     1 A    192.0.2.80
            proxied *.w   1 A    192.0.2.90
            wild        300 MX  10 any.w
            """;

    private static final AnswerConfig CONFIG = Asking.CONFIG.withMailToOrigin(true);

    private final Asking edge = new Asking(CONFIG, ZoneText.active("example.com", ZONE));

    private List<String> hosts(String name) {
        return hosts(edge, name);
    }

    private static List<String> hosts(Asking edge, String name) {
        return edge.ask(name, "MX").getSection(Section.ANSWER).stream()
                .map(r -> ((MXRecord) r).getTarget().toString())
                .sorted()
                .toList();
    }

    private String made(String name) {
        return hosts(name).stream().filter(h -> h.startsWith("dc-")).findFirst().orElseThrow();
    }

    private void change(String name, String... lines) {
        change(edge, name, lines);
    }

    private static void change(Asking edge, String name, String... lines) {
        DomainName owner = DomainName.of(name);
        List<Record> records = Arrays.stream(lines)
                .map(line -> ZoneText.record(DomainName.of("example.com"), line))
                .toList();
        NameRecords names = ZoneText.names(owner, records);
        ZoneState before = edge.view.get().zone(DomainName.of("example.com")).orElseThrow();
        edge.view.update(before.with(names), Set.of(owner));
    }

    @Test
    void a_proxied_mail_host_stands_under_a_made_name_that_answers_its_own_addresses() {
        assertThat(hosts("example.com.")).hasSize(3).contains("plain.example.com.", "mx.outside.test.");
        String made = made("example.com.");
        assertThat(made).matches("dc-[0-9a-f]{12}\\.example\\.com\\.");
        assertThat(edge.told(made, "A")).isEqualTo("NOERROR aa | " + made + " A 192.0.2.25 | |");
        assertThat(edge.told(made, "AAAA")).contains("AAAA 2001:db8:0:0:0:0:0:25");
        assertThat(edge.told(made, "MX")).startsWith("NOERROR aa | |");
        assertThat(edge.told("mail.example.com.", "A")).doesNotContain("192.0.2.25");
        assertThat(edge.told("_sip._tcp.example.com.", "SRV")).contains("SRV 0 5 5060 " + made);
        assertThat(edge.told("example.com.", "MX"))
                .contains(made + " A 192.0.2.25")
                .doesNotContain("198.51.100");
    }

    @Test
    void the_apex_and_a_wildcard_can_be_mail_hosts() {
        assertThat(edge.told(made("both.example.com."), "A")).contains("A 192.0.2.80");
        assertThat(edge.told(made("wild.example.com."), "A")).contains("A 192.0.2.90");
    }

    @Test
    void the_target_of_a_proxied_cname_takes_the_mail_itself() {
        assertThat(hosts("sub.example.com.")).containsExactly("relay.outside.test.");
    }

    @Test
    void what_is_answered_follows_the_host_when_it_changes_or_leaves_the_proxy() {
        String made = made("example.com.");
        change("mail.example.com", "proxied mail 1 A 192.0.2.26");
        assertThat(edge.told(made, "A")).isEqualTo("NOERROR aa | " + made + " A 192.0.2.26 | |");
        assertThat(edge.told(made, "AAAA")).startsWith("NOERROR aa | |");

        change("mail.example.com", "mail 300 A 192.0.2.26");
        assertThat(hosts("example.com.")).contains("mail.example.com.");
        assertThat(edge.told(made, "A")).startsWith("NXDOMAIN");

        change("mail.example.com", "proxied mail 1 A 192.0.2.27");
        assertThat(edge.told(made("example.com."), "A")).contains("A 192.0.2.27");
    }

    @Test
    void a_made_name_goes_with_the_last_record_that_needs_it() {
        String made = made("example.com.");
        change("example.com", "@ 300 MX 20 plain", "proxied @ 1 A 192.0.2.80");
        assertThat(edge.told(made, "A")).contains("A 192.0.2.25"); // the SRV record needs it still
        change("_sip._tcp.example.com");
        assertThat(edge.told(made, "A")).startsWith("NXDOMAIN");
    }

    /** RFC 6672 section 2.4: what stands below a DNAME is not there. */
    @Test
    void a_host_below_a_dname_is_the_one_that_it_leads_to() {
        change("mail.old.example.com", "proxied mail.old 1 A 192.0.2.66");
        change("red.example.com", "red 300 MX 10 mail.old");
        String own = made("red.example.com.");
        assertThat(edge.told(own, "A")).contains("A 192.0.2.66");

        change("old.example.com", "old 300 DNAME example.com.");
        assertThat(edge.told(made("red.example.com."), "A")).contains("A 192.0.2.25");
        assertThat(edge.told(own, "A")).startsWith("NXDOMAIN");

        change("old.example.com", "old 300 DNAME elsewhere.test.");
        assertThat(hosts("red.example.com.")).containsExactly("mail.old.example.com.");

        change("old.example.com");
        assertThat(edge.told(made("red.example.com."), "A")).contains("A 192.0.2.66");
    }

    @Test
    void below_a_dname_at_the_zones_own_name_there_is_no_made_name() {
        change(
                "example.com",
                "@ 300 MX 10 mail",
                "@ 300 MX 20 @",
                "proxied @ 1 A 192.0.2.80",
                "@ 300 DNAME else.test.");
        assertThat(hosts("example.com.")).containsExactly("example.com.", "mail.example.com.");

        change("example.com", "@ 300 MX 10 mail", "@ 300 MX 20 @", "proxied @ 1 A 192.0.2.80");
        assertThat(hosts("example.com."))
                .hasSize(2)
                .allSatisfy(host -> assertThat(host).startsWith("dc-"));
    }

    @Test
    void a_name_of_the_users_own_is_not_taken() {
        String made = made("example.com.");
        change(made.substring(0, made.length() - 1), made + " 300 A 192.0.2.99");

        assertThat(edge.told(made, "A")).isEqualTo("NOERROR aa | " + made + " A 192.0.2.99 | |");
        assertThat(made("example.com.")).isNotEqualTo(made);
        assertThat(edge.told(made("example.com."), "A")).contains("A 192.0.2.25");
    }

    @Test
    void a_zone_that_does_not_proxy_names_its_hosts_as_they_are() {
        ZoneState pending = ZoneText.of(ZoneText.zone("example.net", ZoneStatus.PENDING, false, 1), ZONE);
        edge.view.update(pending, pending.names().keySet());

        assertThat(hosts("example.net.")).contains("mail.example.net.");
        assertThat(hosts("sub.example.net.")).containsExactly("cname.example.net.");
    }

    @Test
    void what_comes_between_a_host_and_the_wildcard_or_the_zone_that_it_was_of_is_heeded() {
        assertThat(made("wild.example.com.")).startsWith("dc-");
        change("wild.example.com", "wild 300 MX 10 any.deep.w");
        assertThat(edge.told(made("wild.example.com."), "A")).contains("A 192.0.2.90");
        change("x.deep.w.example.com", "x.deep.w 300 TXT here");
        assertThat(hosts("wild.example.com.")).containsExactly("any.deep.w.example.com.");
        change("x.deep.w.example.com");
        assertThat(edge.told(made("wild.example.com."), "A")).contains("A 192.0.2.90");
        change("w.example.com", "w 300 NS ns.elsewhere.test.");
        assertThat(hosts("wild.example.com.")).containsExactly("any.deep.w.example.com.");
        change("wild.example.com", "wild 300 MX 10 any.where");
        change("*.example.com", "proxied * 1 A 192.0.2.99");
        assertThat(edge.told(made("wild.example.com."), "A")).contains("A 192.0.2.99");
        change("where.example.com", "where 300 TXT here");
        assertThat(hosts("wild.example.com.")).containsExactly("any.where.example.com.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300})
    void a_host_in_a_zone_of_ours_below_is_what_that_zone_says_as_long_as_it_is_there(int otherHosts) {
        Asking nested = parent(otherHosts);
        assertMade(nested, "192.0.2.9");

        show(nested, ZoneText.active("sub.example.com", "other 300 A 192.0.2.51"));
        assertThat(hosts(nested, "example.com.")).containsExactly("mail.sub.example.com.");
        show(nested, ZoneText.active("sub.example.com", "mail 300 A 192.0.2.50"));
        assertThat(nested.told("example.com.", "MX")).endsWith("| | mail.sub.example.com. A 192.0.2.50");

        nested.view.remove(DomainName.of("sub.example.com"));
        assertMade(nested, "192.0.2.9");

        nested = new Asking(CONFIG, ZoneText.active("sub.example.com", "mail 300 A 192.0.2.50"));
        show(
                nested,
                parent(otherHosts).view.get().zone(DomainName.of("example.com")).orElseThrow());
        assertThat(hosts(nested, "example.com.")).containsExactly("mail.sub.example.com.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300})
    void a_proxied_host_of_a_zone_below_stands_under_a_made_name_while_that_zone_proxies(int otherHosts) {
        Asking nested = parent(otherHosts);
        show(nested, ZoneText.active("sub.example.com", "mail 300 A 192.0.2.50"));
        show(nested, ZoneText.active("sub.example.com", "proxied mail 1 A 192.0.2.50"));
        assertMade(nested, "192.0.2.50");
        show(nested, ZoneText.active("sub.example.com", "proxied mail 1 A 192.0.2.52"));
        assertMade(nested, "192.0.2.52");

        ZoneState sub = nested.view.get().zone(DomainName.of("sub.example.com")).orElseThrow();
        nested.view.update(sub.withZone(ZoneText.zone("sub.example.com", ZoneStatus.PENDING, false, 2)), Set.of());
        assertThat(nested.told("example.com.", "MX")).endsWith("| | mail.sub.example.com. A 192.0.2.52");
        nested.view.update(sub, Set.of());
        assertMade(nested, "192.0.2.52");
    }

    @Test
    void a_partial_zone_below_whose_names_others_answer_for_decides_nothing() {
        Asking nested = parent(0);
        Zone partial = new Zone(
                "0".repeat(32),
                DomainName.of("sub.example.com"),
                ZoneType.PARTIAL,
                ZoneStatus.ACTIVE,
                false,
                1,
                1,
                List.of(DomainName.of("ns1.anycast.test")),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
        show(nested, ZoneText.of(partial, "mail 300 A 192.0.2.50"));
        assertMade(nested, "192.0.2.9");
        change(nested, "sub.example.com", "sub 300 NS ns.elsewhere.test.");
        assertThat(hosts(nested, "example.com.")).containsExactly("mail.sub.example.com.");
    }

    private static Asking parent(int otherHosts) {
        String others = IntStream.range(0, otherHosts)
                .mapToObj(i -> "m" + i + " 300 MX 10 h" + i + "\n")
                .collect(Collectors.joining());
        return new Asking(
                CONFIG, ZoneText.active("example.com", "@ 300 MX 10 mail.sub\nproxied * 1 A 192.0.2.9\n" + others));
    }

    private static void show(Asking edge, ZoneState zone) {
        edge.view.update(zone, zone.names().keySet());
    }

    private static void assertMade(Asking edge, String address) {
        assertThat(hosts(edge, "example.com.")).singleElement(STRING).startsWith("dc-");
        String made = hosts(edge, "example.com.").getFirst();
        assertThat(edge.told("example.com.", "MX")).endsWith("| | " + made + " A " + address);
        assertThat(edge.told(made, "A")).isEqualTo("NOERROR aa | " + made + " A " + address + " | |");
    }

    @Test
    void a_zone_that_goes_takes_its_made_names_along() {
        String made = made("example.com.");
        edge.view.remove(DomainName.of("example.com"));
        assertThat(edge.told(made, "A")).startsWith("REFUSED");
        edge.view.update(
                ZoneText.active("example.com", "www 300 A 192.0.2.1"), Set.of(DomainName.of("www.example.com")));
        assertThat(edge.told(made, "A")).startsWith("NXDOMAIN");
    }
}
