package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.compile.ExternalTarget;
import io.anycastle.dns.compile.ExternalTarget.Learnt;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.wire.Wire;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** CNAMEs whose target's addresses are answered in their place. */
class FlatteningTest {
    private static final String ZONE = """
            @                300 CNAME www.outside.test.
            @                300 MX    10 mail.outside.test.
            www              120 A     192.0.2.1
            www              120 AAAA  2001:db8::77
            www              120 TXT   hello
            alias            300 CNAME www
            short             60 CNAME www
            twice            300 CNAME alias
            dangling         300 CNAME nowhere
            loop1            300 CNAME loop2
            loop2            300 CNAME loop1
            self             300 CNAME self
            seen             300 CNAME hidden
            hidden           300 CNAME seen
            hidden           300 TXT   "x"
            toorigin         300 CNAME shown
            proxied shown      1 CNAME toorigin
            roundabout       300 CNAME x.d1
            d1               300 DNAME d2
            d2               300 DNAME d1
            wild             300 CNAME any.w
            *.w              300 A     192.0.2.9
            *.calias         300 CNAME www
            child            300 NS    ns.child
            ns.child         300 A     192.0.2.55
            below            300 CNAME host.child
            toedge           300 CNAME blog
            moved            300 DNAME other.outside.test.
            tomoved          300 CNAME www.moved
            away             300 CNAME www.outside.test.
            flattened flat   300 CNAME www.outside.test.
            flattened new    300 CNAME unheard.outside.test.
            flattened empty  300 CNAME empty.outside.test.
            flattened over   300 CNAME away
            proxied blog       1 A     192.0.2.2
            proxied shop       1 CNAME www.outside.test.
            """;

    private final ExternalTargets outside = new ExternalTargets();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Asking edge = new Asking(
            Asking.CONFIG.withFlatteningWithinZone(true), outside, now::get, ZoneText.active("example.com", ZONE));

    private void learn(String name, int type, long untilMillis, String... addresses) {
        List<io.anycastle.core.model.Rdata> rdatas = java.util.Arrays.stream(addresses)
                .map(a -> io.anycastle.core.model.Rdata.of(
                        InetAddress.ofLiteral(a).getAddress()))
                .toList();
        outside.of(DomainName.of(name))
                .learn(
                        type,
                        new Learnt(
                                rdatas.isEmpty() ? null : ExternalTargets.compiled(type, 604_800, rdatas),
                                untilMillis,
                                (int) (untilMillis / 1000)));
    }

    private void learnAll() {
        learn("www.outside.test", Wire.TYPE_A, 200_000, "203.0.113.5", "203.0.113.6");
        learn("www.outside.test", Wire.TYPE_AAAA, 200_000, "2001:db8:5::1");
        learn("empty.outside.test", Wire.TYPE_A, 200_000);
        learn("empty.outside.test", Wire.TYPE_AAAA, 200_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            alias.example.com. ; A ; NOERROR aa | alias.example.com. A 192.0.2.1 | |
            alias.example.com. ; AAAA ; NOERROR aa | alias.example.com. AAAA 2001:db8:0:0:0:0:0:77 | |
            alias.example.com. ; CNAME ; NOERROR aa | alias.example.com. CNAME www.example.com. | |
            alias.example.com. ; TXT ; NOERROR aa | alias.example.com. CNAME www.example.com., www.example.com. TXT hello | |
            alias.example.com. ; ANY ; NOERROR aa | alias.example.com. CNAME www.example.com. | |
            example.com. ; ANY ; NOERROR aa | example.com. HINFO "RFC8482" "" | |
            twice.example.com. ; A ; NOERROR aa | twice.example.com. A 192.0.2.1 | |
            dangling.example.com. ; A ; NOERROR aa | | example.com. SOA |
            wild.example.com. ; A ; NOERROR aa | wild.example.com. A 192.0.2.9 | |
            wild.example.com. ; AAAA ; NOERROR aa | | example.com. SOA |
            x.calias.example.com. ; A ; NOERROR aa | x.calias.example.com. A 192.0.2.1 | |
            loop1.example.com. ; A ; NOERROR aa | loop1.example.com. CNAME loop2.example.com., loop2.example.com. CNAME loop1.example.com. | |
            self.example.com. ; A ; NOERROR aa | self.example.com. CNAME self.example.com. | |
            seen.example.com. ; A ; SERVFAIL | | |
            seen.example.com. ; AAAA ; SERVFAIL | | |
            toorigin.example.com. ; AAAA ; NOERROR aa | toorigin.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
            self.example.com. ; AAAA ; NOERROR aa | self.example.com. CNAME self.example.com. | |
            roundabout.example.com. ; A ; NOERROR aa | d1.example.com. DNAME d2.example.com., d2.example.com. DNAME d1.example.com., roundabout.example.com. CNAME x.d1.example.com., x.d1.example.com. CNAME x.d2.example.com., x.d2.example.com. CNAME x.d1.example.com. | |
            toedge.example.com. ; AAAA ; NOERROR aa | toedge.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
            away.example.com. ; A ; NOERROR aa | away.example.com. CNAME www.outside.test. | |
            shop.example.com. ; AAAA ; NOERROR aa | shop.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
            """)
    void a_cname_to_its_own_zone_answers_the_addresses_as_its_own(String name, String type, String expected) {
        assertThat(edge.told(name, type)).isEqualTo(expected);
    }

    @Test
    void a_cname_to_a_part_of_the_zone_that_others_answer_for_is_shown() {
        assertThat(edge.told("below.example.com.", "A")).contains("below.example.com. CNAME host.child.example.com.");
    }

    @Test
    void a_cname_that_a_dname_leads_out_of_the_zone_is_shown() {
        assertThat(edge.told("tomoved.example.com.", "A"))
                .startsWith("NOERROR aa | ")
                .contains("tomoved.example.com. CNAME www.moved.example.com.", "CNAME www.other.outside.test.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            example.com. ; A ; NOERROR aa | example.com. A 203.0.113.5, example.com. A 203.0.113.6 | |
            example.com. ; AAAA ; NOERROR aa | example.com. AAAA 2001:db8:5:0:0:0:0:1 | |
            example.com. ; CNAME ; NOERROR aa | | example.com. SOA |
            example.com. ; MX ; NOERROR aa | example.com. MX 10 mail.outside.test. | |
            example.com. ; TXT ; NOERROR aa | | example.com. SOA |
            flat.example.com. ; AAAA ; NOERROR aa | flat.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |
            over.example.com. ; AAAA ; NOERROR aa | over.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |
            empty.example.com. ; A ; NOERROR aa | | example.com. SOA |
            away.example.com. ; A ; NOERROR aa | away.example.com. CNAME www.outside.test. | |
            """)
    void what_was_learnt_of_a_name_outside_is_answered_as_the_names_own(String name, String type, String expected) {
        learnAll();

        assertThat(edge.told(name, type)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"www.b.test, host.del.b.test", "to.b.test, www.moved.b.test", "www.moved.b.test, www.moved.b.test"})
    void an_apex_whose_cname_leads_out_through_another_zone_of_ours_is_a_failure_until_something_is_learnt(
            String target, String learnt) {
        ZoneState other = ZoneText.active("b.test", """
                www   300 CNAME host.del
                del   300 NS    ns.elsewhere.test.
                moved 300 DNAME other.outside.test.
                to    300 CNAME www.moved
                """);
        edge.view.update(other, other.names().keySet());
        ZoneState zone = ZoneText.active("a.test", "@ 300 CNAME " + target + ".");
        edge.view.update(zone, zone.names().keySet());
        ExternalTarget held = outside.find(DomainName.of(learnt)).orElseThrow();
        assertThat(edge.told("a.test.", "A")).isEqualTo("SERVFAIL | | |");
        assertThat(held.takeMissed()).isTrue();

        learn(learnt, Wire.TYPE_A, 200_000, "203.0.113.60");
        learn(learnt, Wire.TYPE_AAAA, 200_000);
        assertThat(edge.told("a.test.", "A")).isEqualTo("NOERROR aa | a.test. A 203.0.113.60 | |");
        assertThat(edge.told("a.test.", "AAAA")).isEqualTo("NOERROR aa | | a.test. SOA |");
    }

    @Test
    void soa_and_ns_stand_beside_the_cname_of_the_apex() {
        assertThat(edge.told("example.com.", "SOA")).startsWith("NOERROR aa | example.com. SOA");
        assertThat(edge.told("example.com.", "NS")).contains("example.com. NS ns1.anycast.test.");
    }

    @Test
    void only_a_name_of_which_nothing_was_ever_learnt_is_a_failure_and_is_noticed() {
        assertThat(edge.told("new.example.com.", "A")).isEqualTo("SERVFAIL | | |");
        assertThat(outside.of(DomainName.of("unheard.outside.test")).takeMissed())
                .isTrue();
        assertThat(edge.told("new.example.com.", "TXT")).contains("CNAME unheard.outside.test.");
    }

    @Test
    void the_ttl_is_the_lowest_on_the_way_and_what_is_left_of_the_time_outside_then_half_a_minute_at_most() {
        learnAll();
        assertThat(ttl("alias.example.com.")).isEqualTo(120);
        assertThat(ttl("short.example.com.")).isEqualTo(60);
        assertThat(ttl("flat.example.com.")).isEqualTo(200);

        now.set(Instant.ofEpochSecond(150));
        assertThat(ttl("flat.example.com.")).isEqualTo(50);
        now.set(Instant.ofEpochSecond(190));
        assertThat(ttl("flat.example.com.")).isEqualTo(10);
        now.set(Instant.ofEpochSecond(5000));
        assertThat(ttl("flat.example.com.")).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "29, 29", "31, 30"})
    void an_address_whose_time_is_up_is_answered_for_no_longer_than_its_own_ttl(int own, int answered) {
        learn("www.outside.test", Wire.TYPE_A, own * 1000L, "203.0.113.5");
        now.set(Instant.ofEpochSecond(5000));
        assertThat(ttl("flat.example.com.")).isEqualTo(answered);
    }

    /** RFC 2181 section 5: home routers repeat records. */
    @Test
    void an_address_that_is_learnt_twice_is_answered_once() {
        learn("www.outside.test", Wire.TYPE_A, 200_000, "203.0.113.5", "203.0.113.6", "203.0.113.5");
        learn("www.outside.test", Wire.TYPE_AAAA, 200_000, "2001:db8:5::1", "2001:db8:5::1");
        assertThat(edge.told("example.com.", "A"))
                .isEqualTo("NOERROR aa | example.com. A 203.0.113.5, example.com. A 203.0.113.6 | |");
        assertThat(edge.told("flat.example.com.", "AAAA"))
                .isEqualTo("NOERROR aa | flat.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |");
    }

    private static final String COMPANY = """
            mixed            300 CNAME www.outside.test.
            mixed            300 TXT   mixed
            mixed            300 MX    10 mail.outside.test.
            inside           300 CNAME www
            inside           300 CAA   0 issue "ca.example"
            www              120 A     192.0.2.1
            www              120 TXT   hello
            lead             300 CNAME mixed
            proxied shop       1 CNAME www.outside.test.
            shop             300 MX    10 mail.outside.test.
            proxied own        1 CNAME www.outside.test.
            own              300 HTTPS 1 . port=8443
            unheard          300 CNAME unheard.outside.test.
            unheard          300 TXT   unheard
            *.wild           300 CNAME www.outside.test.
            *.wild           300 TXT   wild
            self             300 CNAME self
            self             300 TXT   self
            """;

    /** RFC 1034 section 3.6.2: nobody sees a CNAME beside other data. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            mixed.example.com. ; AAAA ; NOERROR aa | mixed.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |
            mixed.example.com. ; TXT ; NOERROR aa | mixed.example.com. TXT mixed | |
            mixed.example.com. ; MX ; NOERROR aa | mixed.example.com. MX 10 mail.outside.test. | |
            mixed.example.com. ; CNAME ; NOERROR aa | | example.com. SOA |
            mixed.example.com. ; CAA ; NOERROR aa | | example.com. SOA |
            mixed.example.com. ; ANY ; NOERROR aa | mixed.example.com. HINFO "RFC8482" "" | |
            inside.example.com. ; A ; NOERROR aa | inside.example.com. A 192.0.2.1 | |
            inside.example.com. ; TXT ; NOERROR aa | | example.com. SOA |
            inside.example.com. ; CAA ; NOERROR aa | inside.example.com. CAA 0 issue "ca.example" | |
            lead.example.com. ; AAAA ; NOERROR aa | lead.example.com. CNAME mixed.example.com., mixed.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |
            lead.example.com. ; TXT ; NOERROR aa | lead.example.com. CNAME mixed.example.com., mixed.example.com. TXT mixed | |
            shop.example.com. ; AAAA ; NOERROR aa | shop.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
            shop.example.com. ; MX ; NOERROR aa | shop.example.com. MX 10 mail.outside.test. | |
            shop.example.com. ; TXT ; NOERROR aa | | example.com. SOA |
            own.example.com. ; HTTPS ; NOERROR aa | own.example.com. HTTPS 1 . port=8443 | | own.example.com. A 198.51.100.1, own.example.com. A 198.51.100.2, own.example.com. AAAA 2001:db8:0:0:0:0:0:1
            unheard.example.com. ; A ; SERVFAIL | | |
            unheard.example.com. ; TXT ; NOERROR aa | unheard.example.com. TXT unheard | |
            a.wild.example.com. ; AAAA ; NOERROR aa | a.wild.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |
            a.wild.example.com. ; TXT ; NOERROR aa | a.wild.example.com. TXT wild | |
            self.example.com. ; A ; SERVFAIL | | |
            self.example.com. ; TXT ; NOERROR aa | self.example.com. TXT self | |
            """)
    void a_cname_beside_other_records_is_answered_flattened_and_never_seen(String name, String type, String expected) {
        learnAll();
        ZoneState mixed = ZoneText.active("example.com", COMPANY);
        Asking plain = new Asking(Asking.CONFIG, outside, now::get, mixed);
        assertThat(plain.told(name, type)).isEqualTo(expected);
    }

    @Test
    void while_its_zone_is_paused_a_proxied_cname_beside_other_records_is_flattened_too() {
        learnAll();
        Asking paused = new Asking(
                Asking.CONFIG,
                outside,
                now::get,
                ZoneText.of(ZoneText.zone("example.com", ZoneStatus.ACTIVE, true, 1), COMPANY));
        assertThat(paused.told("shop.example.com.", "AAAA"))
                .isEqualTo("NOERROR aa | shop.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |");
        assertThat(paused.told("shop.example.com.", "CNAME")).isEqualTo("NOERROR aa | | example.com. SOA |");
    }

    private long ttl(String name) {
        Message answer = edge.ask(name, "A");
        return answer.getSection(Section.ANSWER).getFirst().getTTL();
    }

    @Test
    void a_pending_zone_and_an_account_without_proxy_show_proxied_cnames_but_flatten_the_apex() {
        learnAll();
        ZoneState pending = ZoneText.of(
                ZoneText.zone("example.net", ZoneStatus.PENDING, false, 1),
                "proxied @ 1 CNAME www.outside.test.\nproxied shop 1 CNAME www.outside.test.");
        edge.view.update(pending, pending.names().keySet());

        assertThat(edge.told("example.net.", "AAAA"))
                .isEqualTo("NOERROR aa | example.net. AAAA 2001:db8:5:0:0:0:0:1 | |");
        assertThat(edge.told("shop.example.net.", "AAAA"))
                .isEqualTo("NOERROR aa | shop.example.net. CNAME www.outside.test. | |");

        ZoneState active = ZoneText.active("example.org", "proxied @ 1 CNAME www.outside.test.\n@ 300 TXT hi");
        edge.view.update(active, active.names().keySet());
        assertThat(edge.told("example.org.", "AAAA")).contains("AAAA 2001:db8:0:0:0:0:0:1");
        assertThat(edge.told("example.org.", "TXT")).contains("example.org. TXT hi");
        dnsOnly();
        assertThat(edge.told("example.org.", "AAAA")).contains("AAAA 2001:db8:5:0:0:0:0:1");
    }

    private void dnsOnly() {
        ZoneState account = ZoneState.empty(ZoneText.zone(Account.ZONE.toString(), ZoneStatus.ACTIVE, true, 1));
        edge.view.update(account, Set.of());
    }

    @Test
    void a_zone_that_flattens_all_its_cnames_begins_and_stops_to_with_one_change() {
        learnAll();
        ZoneState zone = edge.view.get().zone(DomainName.of("example.com")).orElseThrow();
        edge.view.update(
                zone.with(new Document(
                        DnsSettings.KEY, new Stamp(1, 0, "test"), Optional.of("{\"flatten_all_cnames\":true}"))),
                Set.of());
        assertThat(edge.told("away.example.com.", "AAAA"))
                .isEqualTo("NOERROR aa | away.example.com. AAAA 2001:db8:5:0:0:0:0:1 | |");

        edge.view.update(zone, Set.of());
        assertThat(edge.told("away.example.com.", "AAAA")).contains("CNAME");
    }

    @Test
    void where_it_is_switched_off_a_cname_to_its_own_zone_is_seen() {
        Asking plain = new Asking(ZoneText.active("example.com", ZONE));

        assertThat(plain.told("alias.example.com.", "A"))
                .isEqualTo("NOERROR aa | alias.example.com. CNAME www.example.com., www.example.com. A 192.0.2.1 | |");
    }
}
