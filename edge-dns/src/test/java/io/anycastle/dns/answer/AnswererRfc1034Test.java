package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.ZoneText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 1034 section 4.3.2, RFC 2308, RFC 4592, RFC 8482: what is answered to which question. */
class AnswererRfc1034Test {
    private final Asking edge = new Asking(
            ZoneText.active("example.com", """
                    @              1 A      192.0.2.10
                    @            300 MX     10 mail
                    @            300 NS     ignored.example.net.
                    www          300 A      192.0.2.1
                    www          300 AAAA   2001:db8:1::1
                    www           60 TXT    hello
                    a.deep.ent   300 A      192.0.2.2
                    alias        300 CNAME  www
                    twice        300 CNAME  alias
                    away         300 CNAME  www.example.org.
                    dangling     300 CNAME  nowhere
                    across       300 CNAME  host.example.net.
                    toedge       300 CNAME  blog
                    loop1        300 CNAME  loop2
                    loop2        300 CNAME  loop1
                    mail         300 A      192.0.2.25
                    *.wild       300 A      192.0.2.3
                    *.wild       300 MX     5 mx.wild
                    exists.wild  300 TXT    here
                    below.ent.wild 300 TXT  here
                    *.calias     300 CNAME  www
                    child        300 NS     ns.child
                    child        300 NS     ns.example.org.
                    child        300 NS     www
                    child        300 DS     1 13 2 0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20
                    ns.child     300 A      192.0.2.53
                    host.child   300 A      192.0.2.54
                    proxied  blog    1 A      192.0.2.4
                    blog           300 MX     10 mail
                    proxied4 only4   1 A      192.0.2.4
                    proxied6 only6   1 AAAA   2001:db8:9::9
                    proxied  shop    1 CNAME  origin.example.org.
                    proxied  *.app   1 A      192.0.2.5
                    """),
            ZoneText.active(
                    "example.net", "host 300 A 192.0.2.77\n@ 300 A 192.0.2.78\nsub.zone 300 NS ns.elsewhere.test."),
            ZoneText.active("sub.example.net", "@ 300 A 192.0.2.80\n"));

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        # found
        www.example.com. ; A ; NOERROR aa | www.example.com. A 192.0.2.1 | |
        WWW.eXample.com. ; AAAA ; NOERROR aa | WWW.eXample.com. AAAA 2001:db8:1:0:0:0:0:1 | |
        example.com. ; A ; NOERROR aa | example.com. A 192.0.2.10 | |
        example.com. ; MX ; NOERROR aa | example.com. MX 10 mail.example.com. | |
        example.com. ; SOA ; NOERROR aa | example.com. SOA | |
        example.com. ; NS ; NOERROR aa | example.com. NS ns1.anycast.test., example.com. NS ns2.anycast.test. | |
        # no data, no name
        www.example.com. ; MX ; NOERROR aa | | example.com. SOA |
        deep.ent.example.com. ; A ; NOERROR aa | | example.com. SOA |
        ent.example.com. ; A ; NOERROR aa | | example.com. SOA |
        none.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
        none.www.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
        none.ent.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
        # aliases
        alias.example.com. ; A ; NOERROR aa | alias.example.com. CNAME www.example.com., www.example.com. A 192.0.2.1 | |
        alias.example.com. ; CNAME ; NOERROR aa | alias.example.com. CNAME www.example.com. | |
        alias.example.com. ; MX ; NOERROR aa | alias.example.com. CNAME www.example.com. | example.com. SOA |
        twice.example.com. ; TXT ; NOERROR aa | alias.example.com. CNAME www.example.com., twice.example.com. CNAME alias.example.com., www.example.com. TXT hello | |
        away.example.com. ; A ; NOERROR aa | away.example.com. CNAME www.example.org. | |
        dangling.example.com. ; A ; NXDOMAIN aa | dangling.example.com. CNAME nowhere.example.com. | example.com. SOA |
        across.example.com. ; A ; NOERROR aa | across.example.com. CNAME host.example.net., host.example.net. A 192.0.2.77 | |
        across.example.com. ; AAAA ; NOERROR aa | across.example.com. CNAME host.example.net. | example.net. SOA |
        toedge.example.com. ; AAAA ; NOERROR aa | blog.example.com. AAAA 2001:db8:0:0:0:0:0:1, toedge.example.com. CNAME blog.example.com. | |
        # wildcards
        x.wild.example.com. ; A ; NOERROR aa | x.wild.example.com. A 192.0.2.3 | |
        x.y.wild.example.com. ; MX ; NOERROR aa | x.y.wild.example.com. MX 5 mx.wild.example.com. | |
        x.wild.example.com. ; TXT ; NOERROR aa | | example.com. SOA |
        *.wild.example.com. ; A ; NOERROR aa | *.wild.example.com. A 192.0.2.3 | |
        exists.wild.example.com. ; A ; NOERROR aa | | example.com. SOA |
        x.exists.wild.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
        ent.wild.example.com. ; A ; NOERROR aa | | example.com. SOA |
        x.ent.wild.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
        wild.example.com. ; A ; NOERROR aa | | example.com. SOA |
        x.*.wild.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
        x.calias.example.com. ; A ; NOERROR aa | www.example.com. A 192.0.2.1, x.calias.example.com. CNAME www.example.com. | |
        # delegation
        child.example.com. ; NS ; NOERROR | | child.example.com. NS ns.child.example.com., child.example.com. NS ns.example.org., child.example.com. NS www.example.com. | ns.child.example.com. A 192.0.2.53, www.example.com. A 192.0.2.1, www.example.com. AAAA 2001:db8:1:0:0:0:0:1
        host.child.example.com. ; A ; NOERROR | | child.example.com. NS ns.child.example.com., child.example.com. NS ns.example.org., child.example.com. NS www.example.com. | ns.child.example.com. A 192.0.2.53, www.example.com. A 192.0.2.1, www.example.com. AAAA 2001:db8:1:0:0:0:0:1
        none.child.example.com. ; DS ; NOERROR | | child.example.com. NS ns.child.example.com., child.example.com. NS ns.example.org., child.example.com. NS www.example.com. | ns.child.example.com. A 192.0.2.53, www.example.com. A 192.0.2.1, www.example.com. AAAA 2001:db8:1:0:0:0:0:1
        child.example.com. ; DS ; NOERROR aa | child.example.com. DS 1 13 2 0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20 | |
        sub.example.net. ; A ; NOERROR aa | sub.example.net. A 192.0.2.80 | |
        sub.example.net. ; DS ; NOERROR aa | | example.net. SOA |
        none.sub.example.net. ; A ; NXDOMAIN aa | | sub.example.net. SOA |
        # the edge
        blog.example.com. ; A ; NOERROR aa | blog.example.com. A 198.51.100.1, blog.example.com. A 198.51.100.2 | |
        blog.example.com. ; AAAA ; NOERROR aa | blog.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
        blog.example.com. ; MX ; NOERROR aa | blog.example.com. MX 10 mail.example.com. | |
        blog.example.com. ; TXT ; NOERROR aa | | example.com. SOA |
        only4.example.com. ; AAAA ; NOERROR aa | | example.com. SOA |
        only4.example.com. ; A ; NOERROR aa | only4.example.com. A 198.51.100.1, only4.example.com. A 198.51.100.2 | |
        only6.example.com. ; A ; NOERROR aa | | example.com. SOA |
        only6.example.com. ; AAAA ; NOERROR aa | only6.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
        shop.example.com. ; A ; NOERROR aa | shop.example.com. A 198.51.100.1, shop.example.com. A 198.51.100.2 | |
        shop.example.com. ; CNAME ; NOERROR aa | | example.com. SOA |
        shop.example.com. ; TXT ; NOERROR aa | | example.com. SOA |
        any.app.example.com. ; A ; NOERROR aa | any.app.example.com. A 198.51.100.1, any.app.example.com. A 198.51.100.2 | |
        # any, transfers, others
        www.example.com. ; ANY ; NOERROR aa | www.example.com. HINFO "RFC8482" "" | |
        none.example.com. ; ANY ; NXDOMAIN aa | | example.com. SOA |
        example.com. ; AXFR ; REFUSED | | |
        example.org. ; A ; REFUSED | | |
        com. ; A ; REFUSED | | |
        . ; NS ; REFUSED | | |
        """)
    void a_question_gets_its_answer(String name, String type, String expected) {
        assertThat(edge.told(name, type)).isEqualTo(expected);
    }

    @org.junit.jupiter.api.Test
    void a_loop_of_aliases_ends() {
        assertThat(edge.told("loop1.example.com.", "A")).startsWith("NOERROR aa | loop1.example.com. CNAME loop2");
    }
}
