package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.ZoneStatus;
import io.anycastle.dns.ZoneText;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

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
                    tochild      300 CNAME  host.child
                    old          300 DNAME  new
                    old          300 TXT    beside
                    hidden.old   300 A      192.0.2.60
                    host.new     300 A      192.0.2.61
                    oldout       300 DNAME  example.org.
                    oldedge      300 DNAME  app
                    ring         300 DNAME  ring2
                    ring2        300 DNAME  ring
                    long         300 DNAME  %s.%s.%s
                    srv          300 SRV    1 2 3 www
                    srv          300 SRV    1 2 3 host.child
                    srv          300 SRV    1 2 3 blog
                    svc          300 HTTPS  1 . alpn=h2
                    svc          300 AAAA   2001:db8:1::2
                    svc2         300 SVCB   1 www
                    svc3         300 HTTPS  0 .
                    opaque       300 TYPE65280 \\# 2 0a0b
                    proxied  blog    1 A      192.0.2.4
                    blog           300 MX     10 mail
                    proxied4 only4   1 A      192.0.2.4
                    proxied6 only6   1 AAAA   2001:db8:9::9
                    proxied  shop    1 CNAME  origin.example.org.
                    proxied  *.app   1 A      192.0.2.5
                    """.formatted("x".repeat(60), "y".repeat(60), "z".repeat(60))),
            ZoneText.active(
                    "example.net", "host 300 A 192.0.2.77\n@ 300 A 192.0.2.78\nsub.zone 300 NS ns.elsewhere.test."),
            ZoneText.active("sub.example.net", "@ 300 A 192.0.2.80\n"));

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        # found
        www.example.com. ; A ; NOERROR aa | www.example.com. A 192.0.2.1 | |
        WWW.eXample.com. ; AAAA ; NOERROR aa | WWW.eXample.com. AAAA 2001:db8:1:0:0:0:0:1 | |
        example.com. ; A ; NOERROR aa | example.com. A 192.0.2.10 | |
        example.com. ; MX ; NOERROR aa | example.com. MX 10 mail.example.com. | | mail.example.com. A 192.0.2.25
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
        x.y.wild.example.com. ; MX ; NOERROR aa | x.y.wild.example.com. MX 5 mx.wild.example.com. | | mx.wild.example.com. A 192.0.2.3
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
        tochild.example.com. ; A ; NOERROR aa | tochild.example.com. CNAME host.child.example.com. | child.example.com. NS ns.child.example.com., child.example.com. NS ns.example.org., child.example.com. NS www.example.com. | ns.child.example.com. A 192.0.2.53, www.example.com. A 192.0.2.1, www.example.com. AAAA 2001:db8:1:0:0:0:0:1
        # redirections (RFC 6672)
        host.old.example.com. ; A ; NOERROR aa | host.new.example.com. A 192.0.2.61, host.old.example.com. CNAME host.new.example.com., old.example.com. DNAME new.example.com. | |
        HOST.oLd.example.com. ; AAAA ; NOERROR aa | HOST.oLd.example.com. CNAME host.new.example.com., oLd.example.com. DNAME new.example.com. | example.com. SOA |
        host.old.example.com. ; CNAME ; NOERROR aa | host.old.example.com. CNAME host.new.example.com., old.example.com. DNAME new.example.com. | |
        none.old.example.com. ; A ; NXDOMAIN aa | none.old.example.com. CNAME none.new.example.com., old.example.com. DNAME new.example.com. | example.com. SOA |
        hidden.old.example.com. ; A ; NXDOMAIN aa | hidden.old.example.com. CNAME hidden.new.example.com., old.example.com. DNAME new.example.com. | example.com. SOA |
        old.example.com. ; DNAME ; NOERROR aa | old.example.com. DNAME new.example.com. | |
        old.example.com. ; TXT ; NOERROR aa | old.example.com. TXT beside | |
        old.example.com. ; A ; NOERROR aa | | example.com. SOA |
        a.b.oldout.example.com. ; A ; NOERROR aa | a.b.oldout.example.com. CNAME a.b.example.org., oldout.example.com. DNAME example.org. | |
        x.oldedge.example.com. ; AAAA ; NOERROR aa | oldedge.example.com. DNAME app.example.com., x.app.example.com. AAAA 2001:db8:0:0:0:0:0:1, x.oldedge.example.com. CNAME x.app.example.com. | |
        x.ring.example.com. ; A ; NOERROR aa | ring.example.com. DNAME ring2.example.com., ring2.example.com. DNAME ring.example.com., x.ring.example.com. CNAME x.ring2.example.com., x.ring2.example.com. CNAME x.ring.example.com. | |
        # hosts
        srv.example.com. ; SRV ; NOERROR aa | srv.example.com. SRV 1 2 3 blog.example.com., srv.example.com. SRV 1 2 3 host.child.example.com., srv.example.com. SRV 1 2 3 www.example.com. | | blog.example.com. A 198.51.100.1, blog.example.com. A 198.51.100.2, blog.example.com. AAAA 2001:db8:0:0:0:0:0:1, host.child.example.com. A 192.0.2.54, www.example.com. A 192.0.2.1, www.example.com. AAAA 2001:db8:1:0:0:0:0:1
        svc.example.com. ; HTTPS ; NOERROR aa | svc.example.com. HTTPS 1 . alpn=h2 | | svc.example.com. AAAA 2001:db8:1:0:0:0:0:2
        svc2.example.com. ; SVCB ; NOERROR aa | svc2.example.com. SVCB 1 www.example.com. | | www.example.com. A 192.0.2.1, www.example.com. AAAA 2001:db8:1:0:0:0:0:1
        svc3.example.com. ; HTTPS ; NOERROR aa | svc3.example.com. HTTPS 0 . | |
        # other types
        opaque.example.com. ; TYPE65280 ; NOERROR aa | opaque.example.com. TYPE65280 \\# 2 0A0B | |
        alias.example.com. ; RRSIG ; NOERROR aa | | example.com. SOA |
        # the edge
        blog.example.com. ; A ; NOERROR aa | blog.example.com. A 198.51.100.1, blog.example.com. A 198.51.100.2 | |
        blog.example.com. ; AAAA ; NOERROR aa | blog.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |
        blog.example.com. ; MX ; NOERROR aa | blog.example.com. MX 10 mail.example.com. | | mail.example.com. A 192.0.2.25
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
        alias.example.com. ; ANY ; NOERROR aa | alias.example.com. CNAME www.example.com. | |
        X.calias.example.com. ; ANY ; NOERROR aa | X.calias.example.com. CNAME www.example.com. | |
        shop.example.com. ; ANY ; NOERROR aa | shop.example.com. HINFO "RFC8482" "" | |
        ent.example.com. ; ANY ; NOERROR aa | | example.com. SOA |
        deep.ent.example.com. ; ANY ; NOERROR aa | | example.com. SOA |
        ent.wild.example.com. ; ANY ; NOERROR aa | | example.com. SOA |
        none.example.com. ; ANY ; NXDOMAIN aa | | example.com. SOA |
        example.com. ; AXFR ; REFUSED | | |
        example.org. ; A ; REFUSED | | |
        com. ; A ; REFUSED | | |
        . ; NS ; REFUSED | | |
        """)
    void a_question_gets_its_answer(String name, String type, String expected) {
        assertThat(edge.told(name, type)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        mail.example.com. ; MX ; mail.sub.example.com. A 192.0.2.50
        none.example.com. ; MX ;
        edge.example.com. ; MX ; app.sub.example.com. A 198.51.100.1, app.sub.example.com. A 198.51.100.2, app.sub.example.com. AAAA 2001:db8:0:0:0:0:0:1
        tired.example.com. ; MX ; app.paused.example.com. A 192.0.2.70
        below.example.com. ; MX ; mail.zone.old.example.com. A 192.0.2.80
        cut.example.com. ; NS ; a.ns.cut.example.com. A 192.0.2.90, ns.sub.example.com. A 192.0.2.53
        """)
    void a_host_has_the_addresses_in_additional_data_that_a_question_for_it_gets(
            String name, String type, @Nullable String expected) {
        Asking nested = new Asking(
                ZoneText.active("example.com", """
                        *        300 A     192.0.2.9
                        mail     300 MX    10 mail.sub
                        mail.sub 300 A     192.0.2.8
                        none     300 MX    10 none.sub
                        none.sub 300 A     192.0.2.8
                        edge     300 MX    10 app.sub
                        tired    300 MX    10 app.paused
                        old      300 DNAME new
                        below    300 MX    10 mail.zone.old
                        cut      300 NS    ns.sub
                        cut      300 NS    a.ns.cut
                        """),
                ZoneText.active(
                        "sub.example.com", "mail 300 A 192.0.2.50\nproxied app 1 A 192.0.2.60\nns 300 A 192.0.2.53"),
                ZoneText.of(
                        ZoneText.zone("paused.example.com", ZoneStatus.ACTIVE, true, 1), "proxied app 1 A 192.0.2.70"),
                ZoneText.active("zone.old.example.com", "mail 300 A 192.0.2.80"),
                ZoneText.active("ns.cut.example.com", "a 300 A 192.0.2.90"));
        String told = nested.told(name, type);
        assertThat(told.substring(told.lastIndexOf('|') + 1).strip()).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void a_redirection_to_a_name_that_is_too_long_says_so() {
        String label = "w".repeat(49);
        assertThat(edge.told(label + ".long.example.com.", "A")).startsWith("NXDOMAIN aa | long.example.com. DNAME");
        assertThat(edge.told(label + ".0123456789.long.example.com.", "A"))
                .startsWith("YXDOMAIN aa | long.example.com. DNAME")
                .endsWith("| |");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        self.example.net. ; A ; NOERROR aa | self.example.net. CNAME self.example.net. | |
        x.w.example.net. ; A ; NOERROR aa | *.w.example.net. CNAME *.w.example.net., x.w.example.net. CNAME *.w.example.net. | |
        one.example.net. ; A ; NOERROR aa | one.example.net. CNAME two.example.net., two.example.net. CNAME one.example.net. | |
        x.d.example.net. ; A ; NOERROR aa | d.example.net. DNAME d.example.net., x.d.example.net. CNAME x.d.example.net. | |
        x.e.example.net. ; A ; NOERROR aa | e.example.net. DNAME f.e.example.net., x.e.example.net. CNAME x.f.e.example.net. | |
        x.r.example.net. ; A ; NOERROR aa | r.example.net. DNAME s.example.net., s.example.net. DNAME r.example.net., x.r.example.net. CNAME x.s.example.net., x.s.example.net. CNAME x.r.example.net. | |
        x.u.v.example.net. ; DNAME ; NOERROR aa | u.v.example.net. DNAME v.example.net., x.u.v.example.net. CNAME x.v.example.net. | example.net. SOA |
        u.u.v.example.net. ; DNAME ; NOERROR aa | u.u.v.example.net. CNAME u.v.example.net., u.v.example.net. DNAME v.example.net. | |
        root.example.net. ; A ; NOERROR aa | root.example.net. CNAME . | |
        """)
    void a_loop_is_answered_with_each_of_its_records_once(String name, String type, String expected) {
        Asking loops = new Asking(ZoneText.active("example.net", """
                self 300 CNAME self
                *.w  300 CNAME *.w
                one  300 CNAME two
                two  300 CNAME one
                d    300 DNAME d
                e    300 DNAME f.e
                r    300 DNAME s
                s    300 DNAME r
                u.v  300 DNAME v
                x.v  300 TXT   x
                root 300 CNAME .
                """));
        assertThat(loops.told(name, type)).isEqualTo(expected);
    }

    /** RFC 2181 section 5: each record once. */
    @Test
    void a_redirection_that_applies_more_than_once_stands_once_in_the_answer() {
        Asking deep = new Asking(
                ZoneText.active("d.test", "@ 300 DNAME dd.test."),
                ZoneText.active("dd.test", "d 300 DNAME dd.test.\na 300 A 192.0.2.1"));
        Message answer = deep.ask("a.d.d.d.d.dd.test.", "A");
        assertThat(Asking.tell(answer))
                .isEqualTo("NOERROR aa | a.d.d.d.d.dd.test. CNAME a.d.d.d.dd.test., a.d.d.d.dd.test. CNAME"
                        + " a.d.d.dd.test., a.d.d.dd.test. CNAME a.d.dd.test., a.d.dd.test. CNAME a.dd.test.,"
                        + " a.dd.test. A 192.0.2.1, d.dd.test. DNAME dd.test. | |");
        assertThat(answer.getSection(Section.ANSWER)).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({"CNAME, 16", "DNAME, 16"})
    void sixteen_aliases_are_followed_to_their_end(String type, int aliases) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < aliases; i++) {
            String line = type.equals("CNAME") ? "x.c%d 300 CNAME x.c%d%n" : "c%d 300 DNAME c%d%n";
            lines.append(line.formatted(i, i + 1));
        }
        lines.append("x.c").append(aliases).append(" 300 A 192.0.2.16");
        Asking chain = new Asking(ZoneText.active("example.net", lines.toString()));
        byte[] query = Asking.query("x.c0.example.net.", "A").toWire();
        Message answer = chain.ask(query, Transport.TCP);
        assertThat(answer.getSection(Section.ANSWER)).hasSize(type.equals("CNAME") ? 17 : 33);
        assertThat(answer.getSection(Section.ANSWER).getLast().rdataToString()).isEqualTo("192.0.2.16");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        bank.example.net. ; A ; NOERROR | | bank.example.net. NS www.example.net. | www.example.net. A 192.0.2.1
        www.example.net. ; A ; NOERROR | | www.example.net. NS ns.other.example. |
        sub.example.net. ; TXT ; NOERROR | | sub.example.net. NS ns.other.example. |
        x.sub.example.net. ; A ; NOERROR | | sub.example.net. NS ns.other.example. |
        sub.example.net. ; DS ; NOERROR aa | | example.net. SOA |
        x.w.example.net. ; A ; NOERROR aa | | example.net. SOA |
        x.w.example.net. ; DNAME ; NOERROR aa | x.w.example.net. DNAME d.example. | |
        y.*.w.example.net. ; A ; NOERROR aa | *.w.example.net. DNAME d.example., y.*.w.example.net. CNAME y.d.example. | |
        alone.example.net. ; DS ; NOERROR aa | alone.example.net. DS 1 13 1 0123456789012345678901234567890123456789 | |
        alone.example.net. ; A ; NOERROR aa | | example.net. SOA |
        """)
    void what_a_delegation_takes_away_is_kept_and_not_answered_but_as_glue(String name, String type, String expected) {
        Asking odd = new Asking(ZoneText.active("example.net", """
                bank  300 NS    www
                www   300 NS    ns.other.example.
                www   300 A     192.0.2.1
                sub   300 NS    ns.other.example.
                sub   300 TXT   x
                sub   300 A     192.0.2.2
                x.sub 300 A     192.0.2.3
                *.w   300 DNAME d.example.
                alone 300 DS    1 13 1 0123456789012345678901234567890123456789
                """));
        assertThat(odd.told(name, type)).isEqualTo(expected);
    }

    /** RFC 1035 section 4.1.4: a pointer reaches 14 bits far; RFC 9471 section 3.1: all glue of the child is in a referral. */
    @Test
    void glue_of_servers_that_no_pointer_reaches_has_its_owner_in_full() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            String server = "server-%d-%s.child".formatted(i, "x".repeat(50));
            lines.append("child 300 NS ").append(server).append('\n');
            lines.append(server).append(" 300 A 192.0.2.").append(i).append('\n');
        }
        Asking crowded = new Asking(ZoneText.active("example.com", lines.toString()));
        Message referral =
                crowded.ask(Asking.query("www.child.example.com.", "A").toWire(), Transport.TCP);
        assertThat(referral.getSection(Section.ADDITIONAL))
                .hasSize(250)
                .allSatisfy(glue -> assertThat(glue.toString())
                        .matches("server-(\\d+)-x+\\.child\\.example\\.com\\.\\s+300\\s+IN\\s+A\\s+192\\.0\\.2\\.\\1"));
    }
}
