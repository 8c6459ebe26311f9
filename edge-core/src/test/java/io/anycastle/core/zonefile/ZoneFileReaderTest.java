package io.anycastle.core.zonefile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.ZoneRules;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Master files as people have them: RFC 1035 section 5, RFC 2308 section 4, and BIND's additions. */
class ZoneFileReaderTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final ZoneRules RULES =
            new ZoneRules(Set.of(), List.of(DomainName.of("ns1.edge.test")), true, 30, 86400);

    private static final String REAL = """
            ; zone file of example.com, as BIND has it
            $TTL 1h
            $ORIGIN example.com.
            @   IN SOA ns1.old.example. hostmaster (
                    2026112301 ; serial
                    3h         ; refresh
                    15m        ; retry
                    4w         ; expire
                    300 )      ; minimum
                IN NS  ns1.old.example.
                IN NS  ns2.old.example.
                IN MX  10 mail
                IN MX  20 mail.backup.example.
                IN A   192.0.2.1
                300 IN AAAA 2001:0DB8::1
                TXT "v=spf1 mx -all"
            www     IN  CNAME @
            ftp.example.com.  IN 172800 A 192.0.2.9  ; the old ftp
            mail        A 192.0.2.3
            _sip._tcp   SRV 10 60 5060 sip
            sel._domainkey IN TXT ( "v=DKIM1; k=rsa; "
                        "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB" ) ; dkim
            @   CAA 0 issue "letsencrypt.org"
            $ORIGIN sub.example.com.
            host A 192.0.2.5 ; cf_tags=cf-proxied:true,owner:"web, team",x
            $GENERATE 1-3 dyn$ A 192.0.2.1${0,2,d}
            $ORIGIN example.com.
            blog 1 IN A 192.0.2.7 ; the blog cf_tags=cf-proxied:true
            """;

    private static ZoneFile read(String text) {
        return read(text, ZoneFileLimits.DEFAULTS);
    }

    private static ZoneFile read(String text, ZoneFileLimits limits) {
        try {
            return new ZoneFileReader(ZONE, RULES, limits).read(new StringReader(text), "f");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(ZoneFileRecord record) {
        RecordDraft draft = record.draft();
        return record.line() + " " + draft.name() + " "
                + draft.ttlSeconds().map(String::valueOf).orElse("-") + " " + draft.type()
                + draft.priority().map(p -> " " + p).orElse("") + " "
                + draft.content().orElse("");
    }

    private static List<String> errors(String text) {
        return read(text).errors().stream().map(ZoneFileNote::sentence).toList();
    }

    @Test
    void a_real_file_is_read_whole() {
        ZoneFile file = read(REAL);
        assertThat(file.errors()).isEmpty();
        assertThat(file.records())
                .extracting(ZoneFileReaderTest::shown)
                .containsExactly(
                        "12 example.com. 3600 MX 10 mail.example.com",
                        "13 example.com. 3600 MX 20 mail.backup.example",
                        "14 example.com. 3600 A 192.0.2.1",
                        "15 example.com. 300 AAAA 2001:db8::1",
                        "16 example.com. 3600 TXT \"v=spf1 mx -all\"",
                        "17 www.example.com. 3600 CNAME example.com",
                        "18 ftp.example.com. 86400 A 192.0.2.9",
                        "19 mail.example.com. 3600 A 192.0.2.3",
                        "20 _sip._tcp.example.com. 3600 SRV 10 60 5060 sip.example.com",
                        "21 sel._domainkey.example.com. 3600 TXT \"v=DKIM1; k=rsa; \" \"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB\"",
                        "23 example.com. 3600 CAA 0 issue \"letsencrypt.org\"",
                        "25 host.sub.example.com. 3600 A 192.0.2.5",
                        "26 dyn1.sub.example.com. 3600 A 192.0.2.101",
                        "26 dyn2.sub.example.com. 3600 A 192.0.2.102",
                        "26 dyn3.sub.example.com. 3600 A 192.0.2.103",
                        "28 blog.example.com. 1 A 192.0.2.7");
    }

    @Test
    void what_the_edge_makes_itself_is_left_out_with_a_warning_and_long_ttls_are_taken_down() {
        assertThat(read(REAL).warnings())
                .extracting(ZoneFileNote::sentence)
                .containsExactly(
                        "f:4: left out: the edge makes the SOA of example.com itself",
                        "f:10: left out: the edge makes the NS records of example.com itself",
                        "f:11: left out: the edge makes the NS records of example.com itself",
                        "f:18: TTL 172800 is out of range; 86400 was taken");
    }

    @Test
    void comments_carry_text_tags_and_switches() {
        List<ZoneFileRecord> records = read(REAL).records();
        RecordDraft host = records.get(11).draft();
        assertThat(host.proxied()).contains(true);
        assertThat(host.tags()).contains(List.of("owner:web, team", "x"));
        assertThat(host.comment()).contains("");
        assertThat(records.get(15).draft().comment()).contains("the blog");
        assertThat(records.get(6).draft().comment()).contains("the old ftp");
        assertThat(records.get(6).draft().proxied()).isEmpty();
        assertThat(records.get(9).draft().comment()).contains("dkim");
    }

    @Test
    void a_general_proxy_switch_takes_what_can_be_proxied_and_does_not_say_otherwise() {
        ZoneFile file = read("a A 192.0.2.1\nb A 192.0.2.2 ; cf_tags=cf-proxied:false\nc TXT x\n")
                .proxiedByDefault();
        assertThat(file.records())
                .extracting(r -> r.draft().proxied())
                .containsExactly(Optional.of(true), Optional.of(false), Optional.empty());
    }

    @Test
    void every_bad_line_is_told_with_its_number_and_what_was_expected() {
        String broken = """
                $TTL soon
                www A 192.0.2.256
                ok1 A 192.0.2.1
                mx MX mail
                srv SRV 1 2 99999 host
                txt TXT "open
                www.example.org. A 192.0.2.1
                x MAILA "b"
                $INCLUDE /etc/passwd
                $SPEED 9
                a..b A 192.0.2.1
                  A 192.0.2.1
                y CH A 192.0.2.1
                z
                aaaa AAAA 192.0.2.1
                ) A 192.0.2.1
                p TXT hello ; cf_tags=cf-proxied:true
                $GENERATE 9-1 a$ A 192.0.2.1
                $GENERATE 1-9 b$ A 192.0.2.${0,1,q}
                $GENERATE 250-260 c$ A 192.0.2.$
                raw A \\# 3 0A0000
                ok2 A 192.0.2.2
                @ SOA a b 1 2 3 4 5
                other SOA a b 1 2 3 4 5
                open TXT ( "never closed"
                ok3 A 192.0.2.3
                """;
        ZoneFile file = read(broken);
        assertThat(file.errors())
                .extracting(ZoneFileNote::sentence)
                .containsExactly(
                        "f:1: expected a time in seconds or like 1h30m, not 'soon'",
                        "f:2: content '192.0.2.256': expected an IPv4 address in four decimal parts, like 192.0.2.1",
                        "f:4: content 'mail': expected <priority> <host>, or the priority given beside the content",
                        "f:5: content '1 2 99999 host': port: expected a whole number from 0 to 65535, not '99999'",
                        "f:6: a closing quote (\") is missing",
                        "f:7: name 'www.example.org': expected a name in the zone example.com",
                        "f:8: type 'MAILA': expected one of A AAAA CAA CERT CNAME DNAME DNSKEY DS HTTPS LOC MX NAPTR NS OPENPGPKEY"
                                + " PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI, or any other type of data as TYPE and its"
                                + " number",
                        "f:9: $INCLUDE is not allowed; put the lines of that file here",
                        "f:10: '$SPEED' is no directive; expected $ORIGIN, $TTL or $GENERATE",
                        "f:11: name 'a..b': a name has no empty label",
                        "f:12: the line begins with a blank, and no line before it has a valid name",
                        "f:13: class 'CH': expected IN",
                        "f:14: expected a type and its data behind the name",
                        "f:15: content '192.0.2.1': expected an IPv6 address, like 2001:db8::1",
                        "f:16: a closing parenthesis has no opening one",
                        "f:17: proxied 'true': only A, AAAA and CNAME records can be proxied",
                        "f:18: a range goes up, in steps of at least 1",
                        "f:19: expected ${offset,width,base} with a base of d, o, x, X, n or N",
                        "f:20: content '192.0.2.256': expected an IPv4 address in four decimal parts, like 192.0.2.1",
                        "f:21: content '\\# 3 0A0000': expected data of type A, or \\# <octets> <hexadecimal digits>,"
                                + " like \\# 4 c0000201: end of input",
                        "f:24: name 'other.example.com': expected the SOA of example.com; is this another zone's file?",
                        "f:25: the parenthesis opened here is not closed within 65536 characters");
        assertThat(file.errorCount()).isEqualTo(22);
        assertThat(file.records())
                .extracting(r -> r.draft().name())
                .contains("ok1.example.com.", "ok2.example.com.", "ok3.example.com.");
    }

    @Test
    void beyond_the_limit_errors_are_counted() {
        ZoneFile file = read("a A x\n".repeat(250));
        assertThat(file.errors()).hasSize(100);
        assertThat(file.errorCount()).isEqualTo(250);
    }

    @Test
    void without_a_ttl_directive_the_last_ttl_holds_and_before_that_the_soa_minimum() {
        assertThat(read("@ SOA a b 1 2 3 4 900\na A 192.0.2.1\nb 600 A 192.0.2.1\nc A 192.0.2.1\n")
                        .records())
                .extracting(r -> r.draft().ttlSeconds())
                .containsExactly(Optional.of(900), Optional.of(600), Optional.of(600));
        assertThat(read("a A 192.0.2.1\n").records())
                .extracting(r -> r.draft().ttlSeconds())
                .containsExactly(Optional.empty());
    }

    @Test
    void ttl_and_class_stand_in_either_order_and_units_are_understood() {
        assertThat(read("a IN 1h30m A 192.0.2.1\nb 1D IN A 192.0.2.1\nc 5 A 192.0.2.1\n")
                        .records())
                .extracting(r -> r.draft().ttlSeconds())
                .containsExactly(Optional.of(5400), Optional.of(86400), Optional.of(30));
    }

    @Test
    void a_record_that_stands_twice_counts_once() {
        ZoneFile file = read("a A 192.0.2.1\nA.example.com. 60 A 192.0.2.1\n");
        assertThat(file.records()).hasSize(1);
        assertThat(file.warnings())
                .extracting(ZoneFileNote::sentence)
                .containsExactly("f:2: left out: the file has this very record already");
    }

    @Test
    void records_of_the_signer_are_left_out() {
        ZoneFile file = read("a RRSIG A 13 3 300 20260101000000 20250101000000 1 example.com. AA==\na NSEC b A\n");
        assertThat(file.errors()).isEmpty();
        assertThat(file.warningCount()).isEqualTo(2);
    }

    @Test
    void unquoted_words_of_a_txt_are_strings_of_their_own() {
        assertThat(read("a TXT one two \"three four\" fi\\\"ve\n").records())
                .extracting(r -> r.draft().content().orElse(""))
                .containsExactly("\"one\" \"two\" \"three four\" \"fi\\\"ve\"");
    }

    @Test
    void a_generic_type_name_is_understood() {
        assertThat(read("a TYPE1 192.0.2.1\n").records())
                .extracting(r -> r.draft().type())
                .containsExactly("A");
        assertThat(errors("a TYPE252 x\n").getFirst()).startsWith("f:1: type 'TYPE252': expected one of");
    }

    @Test
    void data_of_any_type_may_be_spelled_as_octets() {
        assertThat(read("""
                a A \\# 4 0A000001
                b TYPE65280 \\# 4 0A000001
                c TYPE15 \\# 8 000a 016d02657800
                d TXT \\# 3 02 6869
                e TXT "\\#" 3
                f TYPE999 \\# 0
                """).records())
                .extracting(r -> r.draft().type() + " " + r.draft().content().orElse(""))
                .containsExactly(
                        "A 10.0.0.1",
                        "TYPE65280 \\# 4 0a000001",
                        "MX m.ex",
                        "TXT \"hi\"",
                        "TXT \"#\" \"3\"",
                        "TYPE999 \\# 0");
        assertThat(errors("a TYPE65280 x\n").getFirst())
                .startsWith("f:1: content 'x': expected \\# <octets> <hexadecimal digits>");
    }

    @Test
    void names_in_a_type_without_fields_of_its_own_are_below_the_origin() {
        assertThat(read("a RP hostmaster @\nb AFSDB 1 afs.example.net.\n").records())
                .extracting(r -> r.draft().content().orElse(""))
                .containsExactly("hostmaster.example.com. example.com.", "1 afs.example.net.");
    }

    @Test
    void windows_line_ends_a_byte_order_mark_and_a_missing_last_line_end_do_no_harm() {
        ZoneFile file = read("\uFEFFa A 192.0.2.1\r\nb A 192.0.2.2\r\n\r\nc A x");
        assertThat(file.records()).extracting(ZoneFileRecord::line).containsExactly(1, 2);
        assertThat(file.errors()).extracting(ZoneFileNote::line).containsExactly(4);
    }

    @Test
    void text_that_is_not_utf_8_is_refused_instead_of_changed(@TempDir Path folder) throws IOException {
        Path file = Files.write(
                folder.resolve("old.zone"),
                "a TXT \"gr\u00fc\u00df\"\nb A 192.0.2.1 ; gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1));
        ZoneFile read = new ZoneFileReader(ZONE, RULES, ZoneFileLimits.DEFAULTS).read(file);
        assertThat(read.errors())
                .singleElement()
                .satisfies(e -> assertThat(e.sentence()).startsWith("old.zone:1: "));
        assertThat(read.records()).hasSize(1);
    }

    @Test
    void what_a_file_may_generate_is_bounded() {
        assertThat(errors("$GENERATE 0-999999999 a$ A 192.0.2.1\n"))
                .containsExactly("f:1: $GENERATE makes at most 100000 records in a file");
        assertThat(read("$GENERATE 0-255 $ PTR host-${0,3,d}.example.net.\n").records())
                .hasSize(256);
    }

    @Test
    void generated_numbers_take_offset_width_and_base() {
        assertThat(read("$GENERATE 10-30/10 h${-10,4,x} TXT \"\\$ $ $$\"\n").records())
                .extracting(r -> r.draft().name() + " " + r.draft().content().orElse(""))
                .containsExactly(
                        "h0000.example.com. \"$ 10 $\"",
                        "h000a.example.com. \"$ 20 $\"",
                        "h0014.example.com. \"$ 30 $\"");
    }

    /** The first is an example of BIND's own manual. */
    @Test
    void generated_data_of_several_words_stands_in_quotes_as_in_bind() {
        assertThat(read("""
                        $GENERATE 1-2 host-$ MX "0 ."
                        $GENERATE 5-5 mail-$ 300 IN MX "10 mx${1}"
                        $GENERATE 7-7 text-$ TXT "\\"one $\\" \\"two\\""
                        $GENERATE 8-8 caa-$ CAA 0 issue "ca$.example"
                        """).records())
                .extracting(r -> r.draft().name() + " " + r.draft().content().orElse(""))
                .containsExactly(
                        "host-1.example.com. .",
                        "host-2.example.com. .",
                        "mail-5.example.com. mx6.example.com",
                        "text-7.example.com. \"one 7\" \"two\"",
                        "caa-8.example.com. 0 issue \"ca8.example\"");
        assertThat(errors("$GENERATE 1-9 a$ MX \"10 ( b$\"\n")).containsExactly("f:1: a parenthesis is not closed");
    }

    /** Names as named-checkzone prints them. */
    @Test
    void generated_numbers_become_labels_of_ip6_arpa() {
        assertThat(read("""
                        $GENERATE 17-18 ${0,3,n}.a A 192.0.2.1
                        $GENERATE 171-171 ${0,0,N}.b A 192.0.2.1
                        $GENERATE 2-2 ${0,5,n}.c A 192.0.2.1
                        $GENERATE 2-2 ${0,8,n}d A 192.0.2.1
                        """).records())
                .extracting(r -> r.draft().name())
                .containsExactly(
                        "1.1.a.example.com.",
                        "2.1.a.example.com.",
                        "b.a.b.example.com.",
                        "2.0.0.c.example.com.",
                        "2.0.0.0.d.example.com.");
    }

    @Test
    void a_line_longer_than_the_limit_costs_an_error_and_no_memory() {
        ZoneFile file = read("a TXT " + "x".repeat(1_000_000) + "\nb A 192.0.2.1\n");
        assertThat(file.errors())
                .extracting(ZoneFileNote::sentence)
                .containsExactly("f:1: the line is longer than 65536 characters");
        assertThat(file.records()).hasSize(1);
    }

    @Test
    void an_open_parenthesis_does_not_hide_the_errors_behind_it() {
        assertThat(errors("a TXT ( x\nb A 1.2\nc A 192.0.2.1\n")).hasSize(2);
        assertThat(errors("a TXT ( x\n".repeat(200_000))).hasSizeLessThan(100);
    }

    @Test
    void an_error_of_the_change_set_is_found_in_the_file() {
        ZoneFile file = read("\n\na A 192.0.2.1\nb A 192.0.2.2\n");
        FieldError error = new FieldError("name", "b", "clash", FieldError.Kind.CNAME_CLASH);
        assertThat(file.locate(new EditError(2, error), 1))
                .map(ZoneFileNote::sentence)
                .contains("f:4: name 'b': clash");
        assertThat(file.locate(new EditError(0, error), 1)).isEmpty();
        assertThat(file.edits()).hasSize(2);
    }

    @Test
    void a_hundred_thousand_lines_are_read_at_once() {
        StringBuilder text = new StringBuilder("$TTL 300\n");
        for (int i = 0; i < 100_000; i++) {
            text.append("host")
                    .append(i)
                    .append(" IN A 10.")
                    .append(i >> 16)
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append('\n');
        }
        long start = cpuNanos();
        assertThat(read(text.toString()).records()).hasSize(100_000);
        assertThat(Duration.ofNanos(cpuNanos() - start)).isLessThan(Duration.ofSeconds(10));
    }

    /** Of this thread alone, so that a busy machine does not fail the test. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** As Cloudflare exports zones: only the SOA's owner lacks its dot, and there is no $ORIGIN. */
    private static final String CLOUDFLARE = """
            ;;
            ;; Domain:     example.com.
            ;; Exported:   2026-05-04 10:11:12
            ;;
            ;; SOA Record
            example.com\t3600\tIN\tSOA\tanna.ns.cloudflare.com. dns.cloudflare.com. 2048901234 10000 2400 604800 3600

            ;; NS Records
            example.com.\t86400\tIN\tNS\tanna.ns.cloudflare.com.

            ;; A Records
            example.com.\t1\tIN\tA\t192.0.2.1 ; cf_tags=cf-proxied:true
            www.example.com.\t300\tIN\tA\t192.0.2.2

            ;; MX Records
            example.com.\t1\tIN\tMX\t10 mail.example.net.
            """;

    @Test
    void a_cloudflare_export_whose_soa_owner_has_no_final_dot_is_taken() {
        ZoneFile file = read(CLOUDFLARE);
        assertThat(file.errors()).isEmpty();
        assertThat(file.records().stream().map(r -> r.draft().name()))
                .containsExactly("example.com.", "www.example.com.", "example.com.");
        assertThat(file.warnings().stream().map(ZoneFileNote::said)).noneMatch(said -> said.contains("twice"));
    }

    @Test
    void a_name_that_ends_in_the_zones_name_twice_is_warned_about_with_its_line() {
        ZoneFile file = read("""
                $TTL 300
                www.example.com  A 192.0.2.1
                alias            CNAME www.example.com
                fine.example.com. CNAME www.example.com.
                srv              SRV 1 1 1 host.example.com
                mail             MX 10 example.com
                example.com      A 192.0.2.2
                """);
        assertThat(file.errors()).isEmpty();
        assertThat(file.records()).hasSize(6);
        assertThat(file.warnings().stream()
                        .filter(note -> note.said().contains("twice"))
                        .map(ZoneFileNote::line))
                .containsExactly(2, 3, 5, 6, 7);
    }

    @Test
    void escapes_in_owners_targets_and_the_soas_mailbox_are_read() {
        ZoneFile file = read("""
                $TTL 300
                @ IN SOA ns1 john\\.doe.example.org. 1 2 3 4 5
                \\052.foo A 192.0.2.1
                \\119ww A 192.0.2.2
                Office\\032Printer._ipp._tcp SRV 0 0 631 print\\;er
                a\\.b\\( CNAME c\\"d.example.net.
                """);
        assertThat(file.errors()).isEmpty();
        assertThat(file.records().stream().map(ZoneFileReaderTest::shown))
                .containsExactly(
                        "3 *.foo.example.com. 300 A 192.0.2.1",
                        "4 www.example.com. 300 A 192.0.2.2",
                        "5 office\\032printer._ipp._tcp.example.com. 300 SRV 0 0 631 print\\;er.example.com",
                        "6 a\\.b\\(.example.com. 300 CNAME c\\\"d.example.net");
    }

    @Test
    void records_that_a_browser_cannot_ask_for_stay_dns_only_when_all_others_are_proxied() {
        ZoneFile file = read("a 300 A 192.0.2.1\na\\032b 300 A 192.0.2.1\n").proxiedByDefault();
        assertThat(file.records().stream().map(r -> r.draft().proxied()))
                .containsExactly(Optional.of(true), Optional.empty());
    }

    @Test
    void what_a_signer_makes_is_left_out_with_a_warning_by_its_number_as_by_its_mnemonic() {
        ZoneFile file = read("""
                $TTL 300
                www A 192.0.2.1
                @ ZONEMD 1 1 1 abcd
                @ TYPE63 \\# 6 000000010101
                www TYPE46 \\# 1 00
                www TYPE47 \\# 1 00
                www TYPE50 \\# 1 00
                @ TYPE51 \\# 5 0100000000
                @ type6 \\# 1 00
                """);
        assertThat(file.errors()).isEmpty();
        assertThat(file.records()).hasSize(1);
        assertThat(file.warnings().stream().map(ZoneFileNote::line)).containsExactly(3, 4, 5, 6, 7, 8, 9);
        assertThat(file.warnings().stream().map(ZoneFileNote::said)).allMatch(said -> said.startsWith("left out: "));
        assertThat(file.warnings().get(1).said()).contains("ZONEMD");
    }

    @Test
    void octets_of_a_text_are_octets_and_not_text() {
        assertThat(
                        read("a 300 TYPE16 \\# 4 03616263\nb 300 TXT \\# 4 03616263\nc 300 TXT \"\\\\#\" 4\n")
                                .records()
                                .stream()
                                .map(r -> r.draft().content().orElseThrow()))
                .containsExactly("\"abc\"", "\"abc\"", "\"\\\\#\" \"4\"");
    }
}
