package io.anycastle.core.rdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.RecordType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Every type's content: what is accepted, how it is stored, what is refused; the octets are compared with dnsjava's. */
class ContentFormTest {
    private static final String SHA1 = "0123456789abcdef0123456789abcdef01234567";
    private static final String SHA256 = SHA1 + "89abcdef0123456789abcdef";
    private static final String KEY =
            "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==";

    /** Spelled, and how it is stored; equal where one is missing. A priority before the bar stands at the top level. */
    private static final String GOOD =
            """
            A       192.0.2.1
            A       255.255.255.254
            AAAA    2001:db8::1
            AAAA    2001:0DB8:0000:0000:0000:0000:0000:0001 => 2001:db8::1
            AAAA    2001:db8:0:1:1:1:1:1 => 2001:db8:0:1:1:1:1:1
            AAAA    2001:0:0:1:0:0:0:1 => 2001:0:0:1::1
            AAAA    2001:db8:0:0:1:0:0:1 => 2001:db8::1:0:0:1
            AAAA    1:2:3:4:5:6:0:0 => 1:2:3:4:5:6::
            AAAA    ::1
            AAAA    64:ff9b::192.0.2.33 => 64:ff9b::c000:221
            CNAME   Origin.Example.NET. => origin.example.net
            CNAME   @ => example.com
            CNAME   _dmarc.b\u00fccher.example => _dmarc.xn--bcher-kva.example
            NS      ns1.example.net
            DNAME   Other.Example.net. => other.example.net
            PTR     host.example.com.
            PTR     . => .
            MX      10 mail.example.net. => 10 | mail.example.net
            MX      10 | mail.example.net
            MX      0 .  => 0 | .
            MX      10 192.0.2.1. => 10 | 192.0.2.1.
            CNAME   2001:db8::1.
            HTTPS   1 192.0.2.1. => 1 192.0.2.1.
            AMTRELAY 1 0 3 192.0.2.1.
            SRV     10 | 5 5060 sip.example.net
            SRV     10 5 5060 sip.example.net. => 10 | 5 5060 sip.example.net
            SRV     0 0 0 . => 0 | 0 0 .
            URI     10 | 1 "https://www.example.com/path?q=1"
            URI     10 1 https://www.example.com/ => 10 | 1 "https://www.example.com/"
            CAA     0 issue "letsencrypt.org"
            CAA     128 issuewild ";"
            CAA     0 iodef mailto:a@example.com => 0 iodef "mailto:a@example.com"
            CAA     0 issue "ca.example; accounturi=https://ca.example/\\"1\\""
            CERT    1 12345 8 AQIDBA==
            CERT    PKIX 12345 RSASHA256 AQID BA== => 1 12345 8 AQIDBA==
            DNSKEY  257 3 13 %KEY
            DNSKEY  256 3 ECDSAP256SHA256 %KEY => 256 3 13 %KEY
            DS      60485 5 1 %SHA1
            DS      60485 13 2 %SHA256
            DS      1 99 99 ABCD => 1 99 99 abcd
            OPENPGPKEY AQIDBA==
            SMIMEA  3 0 0 aa bb cc => 3 0 0 aabbcc
            TLSA    3 1 1 %SHA256
            TLSA    3 1 1 aabb
            SMIMEA  3 1 2 AABB => 3 1 2 aabb
            SSHFP   4 2 %SHA256
            SSHFP   1 1 %SHA1
            NAPTR   100 50 "s" "z3950+I2L+I2C" "" _z3950._tcp.gatech.edu
            NAPTR   100 10 "U" "E2U+sip" "!^(.*)$!sip:\\\\1@example.com!" .
            LOC     37 46 46.000 N 122 23 35.000 W 0.00m 100.00m 10.00m 2.00m
            LOC     42 21 54 N 71 06 18 W -24m 30m => 42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m
            LOC     0 S 180 W 42849672.95m 90000000m 0m 0.05m => 0 0 0.000 S 180 0 0.000 W 42849672.95m 90000000.00m 0.00m 0.05m
            HTTPS   1 . alpn="h3,h2"
            HTTPS   1 | . alpn="h3,h2" => 1 . alpn="h3,h2"
            HTTPS   1 | . alpn="h3,h2" ipv4hint="192.0.2.1,192.0.2.2" ipv6hint="2001:db8::1" => 1 . alpn="h3,h2" ipv4hint="192.0.2.1,192.0.2.2" ipv6hint="2001:db8::1"
            HTTPS   0 alias.example.net. => 0 alias.example.net
            HTTPS   1 . alpn=h2 port=8443 no-default-alpn => 1 . alpn="h2" no-default-alpn port="8443"
            SVCB    1 | svc.example.net mandatory="alpn" alpn="h2" ech="AEn+DQBF" => 1 svc.example.net mandatory="alpn" alpn="h2" ech="AEn+DQBF"
            SVCB    1 | svc.example.net key65400="abc" => 1 svc.example.net key65400="abc"
            SVCB    16 foo.example.net mandatory=ipv4hint,alpn alpn=h3-19,h2 ipv4hint=192.0.2.1 => 16 foo.example.net mandatory="alpn,ipv4hint" alpn="h3-19,h2" ipv4hint="192.0.2.1"
            HTTPS   1 . dohpath=/dns-query{?dns} => 1 . dohpath="/dns-query{?dns}"
            HTTPS   1 . alpn=h2 key65535=x => 1 . alpn="h2" key65535="x"
            HTTPS   1 . key3="\\032\\251" => 1 . port="8443"
            TXT     "hello world"
            TXT     hello => "hello"
            TXT     v=spf1 include:_spf.example.net -all => "v=spf1 include:_spf.example.net -all"
            TXT     say "hi" => "say \\"hi\\""
            TXT     "one" "two"
            TXT     "a\\\\b\\"c"
            TXT     "a\\;b" => "a;b"
            TXT     v=DKIM1\\; p=abc => "v=DKIM1; p=abc"
            TXT     "tab\\009end"
            TXT     "\\255\\254"
            TXT     ""
            HINFO   "PC" "Linux 6"
            HINFO   PC Linux => "PC" "Linux"
            RP      hostmaster.example.com. @ => hostmaster.example.com. example.com.
            AFSDB   1 afs.example.com.
            SPF     "v=spf1 -all"
            CDS     60485 13 1 %SHA1 => 60485 13 1 0123456789ABCDEF0123456789ABCDEF01234567
            CDS     0 0 0 00
            EUI48   00-00-5E-00-53-2A => 00-00-5e-00-53-2a
            EUI64   00-00-5e-ef-10-00-00-2a
            NID     10 0014:4fff:ff20:ee64
            NID     20 15:5FFF:ff21:ee65 => 20 0015:5fff:ff21:ee65
            L32     10 10.1.2.0
            L64     10 2001:0db8:1140:1000
            LP      10 l64-subnet1.example.com. => 10 l64-subnet1.example.com
            CSYNC   66 3 A NS AAAA
            CSYNC   4294967295 0
            CSYNC   1 1 TYPE65534 MX => 1 1 MX TYPE65534
            AVC     "app-name:WOLFGANG|app-class:OAM"
            AMTRELAY 10 0 1 203.0.113.15
            AMTRELAY 10 1 2 2001:0db8::15 => 10 1 2 2001:db8::15
            AMTRELAY 128 1 3 amtrelays.example.com. => 128 1 3 amtrelays.example.com
            AMTRELAY 0 0 0 .
            RESINFO "qnamemin" "exterr=15,16,17"
            RESINFO qnamemin exterr=15-17 => "qnamemin" "exterr=15-17"
            RESINFO qnamemin "exterr=15-17" infourl=https://r.example/a\\;b => "qnamemin" "exterr=15-17" "infourl=https://r.example/a;b"
            WALLET  BTC bc1example => "BTC" "bc1example"
            AVC     a\\ b "c d" => "a b" "c d"
            APL     1:192.0.2.0/24 !2:2001:0db8::/32 => 1:192.0.2.0/24 !2:2001:db8::/32
            APL     1:0.0.0.0/0 2:::/0
            APL     1:192.0.2.1/24
            APL     \\# ( 7 00011803 ( c00002 ) ) => 1:192.0.2.0/24
            APL     \\# 4 00030000
            TXT     \\# 4 ( 0361 6263 ) => "abc"
            A       \\# 4 (c0000201) => 192.0.2.1
            WALLET  "BTC" "bc1example"
            DSYNC   CDS NOTIFY 5359 cds-scanner.example.net. => CDS NOTIFY 5359 cds-scanner.example.net
            DSYNC   62 1 5359 a.example. => CSYNC NOTIFY 5359 a.example
            X25     "311061700956"
            X25     311061700956 => "311061700956"
            NSAP    0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00 => 0x47000580005a0000000001e133ffffff00016100
            SPF     v=spf1 -all => "v=spf1 -all"
            HHIT    \\# 2 0a0b
            TYPE65280 \\# 4 0A000001 => \\# 4 0a000001
            TYPE65280 \\# 0
            TYPE65535 \\# 0
            TYPE65281 \\#  4  0a00 0001 => \\# 4 0a000001
            """.replace("%SHA256", SHA256).replace("%SHA1", SHA1).replace("%KEY", KEY);

    /** Refused content, and a part of what is said. */
    private static final String BAD = """
            A       1.2.3 => four decimal parts
            A       1.2.3.4.5 => four decimal parts
            A       1.2.3.256 => four decimal parts
            A       01.2.3.4 => four decimal parts
            A       0x7f.0.0.1 => four decimal parts
            A       2130706433 => four decimal parts
            A       host.example.com => four decimal parts
            A       2001:db8::1 => four decimal parts
            AAAA    192.0.2.1 => IPv6 address
            AAAA    2001:db8::1::2 => IPv6 address
            AAAA    fe80::1%eth0 => IPv6 address
            AAAA    2001:db8:::1 => IPv6 address
            AAAA    12345::1 => IPv6 address
            CNAME   192.0.2.1 => not an IP address
            CNAME   2001:db8::1 => not an IP address
            CNAME   a b => host name
            CNAME   a..b => empty label
            CNAME   https://www.example.com => not an IP address
            NS      192.0.2.1 => not an IP address
            MX      10 192.0.2.1 => not an IP address
            MX      mail.example.net => expected <priority> <host>, or the priority given beside
            MX      99999 mail.example.net => priority
            MX      10 20 mail.example.net => expected <priority> <host>
            SRV     10 | 5 99999 sip.example.net => port: expected a whole number from 0 to 65535
            SRV     10 | 5 5060 => <weight> <port> <target>
            SRV     10 5 5060 192.0.2.1 => target
            URI     10 | 1 => <priority> <weight> <target>
            SRV     5 5060 sip.example.net => expected <priority> <weight> <port> <target>
            CAA     256 issue "x" => flags: expected a whole number from 0 to 255
            CAA     0 is-sue "x" => tag: expected a word of letters and digits
            CAA     0 issue => <flags> <tag> <value>
            CAA     0 issue "x => closing quote
            CERT    FOO 1 1 AQIDBA== => type
            CERT    1 1 1 *** => base64
            DNSKEY  257 3 13 => <flags> <protocol> <algorithm> <public_key>
            DS      60485 5 1 abcd => expected 20 octets for digest_type 1, not 2
            DS      60485 5 2 %SHA1 => expected 32 octets
            DS      60485 5 1 xyz => hexadecimal
            DS      60485 5 9 abc => hexadecimal
            OPENPGPKEY !! => base64
            SSHFP   4 2 %SHA1 => expected 32 octets for type 2
            NAPTR   1 2 "a" "b" => <order> <preference>
            NAPTR   1 2 "a" "b" "\u00fc" . => ASCII
            LOC     91 0 0 N 0 0 0 E 0m => 90 degrees|degrees are at most
            LOC     0 60 0 N 0 0 0 E 0m => below 60
            LOC     0 0 0 X 0 0 0 E 0m => expected <degrees>
            LOC     52 N 4 54.5 E 0 => whole numbers
            LOC     here => expected <degrees>
            LOC     0 0 0 N 0 0 0 E 99999999m => altitude
            HTTPS   . alpn="h2" => expected <priority> <target> <parameters>
            HTTPS   1 | . foo="bar" => parameters
            HTTPS   1 | . port="99999" => parameters
            HTTPS   1 | . alpn="h2" alpn="h3" => parameters
            HTTPS   1 | . ech="JAEn+DQBF" => parameters
            HTTPS   1 . no-default-alpn => no-default-alpn wants alpn beside it
            HTTPS   1 | . ipv4hint="1.2" => parameters
            HTTPS   1 | . key70000="x" => parameters
            HTTPS   70000 . => priority
            HTTPS   1 . mandatory=port alpn=h2 => keys that stand beside it
            HTTPS   1 . key65536="x" => 'key65536' is no key
            HTTPS   1 . port => port
            X25     12 => decimal digits
            NSAP    47 => behind 0x
            EUI48   00-00-5e-00-53 => 6 octets of two hexadecimal digits
            NID     10 0014:4fff:ff20 => four groups
            L32     10 10.1.2 => four decimal parts
            LP      10 192.0.2.1 => not an IP address
            CSYNC   1 1 FOO => types' mnemonics
            AMTRELAY 10 0 1 a.example. => IPv4 address for type 1
            AMTRELAY 10 2 1 192.0.2.1 => discovery
            AMTRELAY 10 0 0 a.example. => '.' for type 0
            AMTRELAY 10 0 4 . => type
            DSYNC   CDS FOO 1 a.example. => NOTIFY
            SPF     \\# 0 => at least one string
            TXT     \\# 0 => at least one string
            X25     \\# 0 => expected data of type X25
            X25     \\# 3 023132 => decimal digits
            NSAP    \\# 0 => expected data of type NSAP
            A       \\# 3 c00002 => end of input
            MX      \\# 2 000a => end of input|in the middle
            MX      \\# 4 000a0000 => 1 octets behind the last field
            CNAME   \\# 3 0161c0 => expected data of type CNAME
            CAA     \\# 2 0005 => end of input
            HTTPS   \\# 7 00010000030000 => port
            TXT     \\# 4 036162 => expected \\# <octets>
            TXT     \\# 4 04616263 => end of input
            TXT     "open => closing quote
            APL     1:192.0.2.0 => expected [!]<family>:<address>/<prefix>
            APL     1:192.0.2.0/33 => prefixes of at most 32 bits
            APL     2:192.0.2.0/24 => expected [!]<family>:<address>/<prefix>
            APL     3:192.0.2.0/24 => expected [!]<family>:<address>/<prefix>
            APL     2:::ffff:1.2.3.4/129 => prefixes of at most 128 bits
            APL     \\# 8 00011804c0000200 => no zero octets at its end
            APL     \\# 9 00011805c000020101 => addresses of 4 octets
            APL     \\# 7 00011804c00002 => end of input
            RESINFO a;b => must be quoted
            RESINFO a\\\\;b => must be quoted
            WALLET  BTC (x) => must be quoted
            TXT     \\# 4 ( 0361 6265 => expected \\# <octets>
            TXT     \\# 4 ) 0361 6265 ( => expected \\# <octets>
            TXT     "a" b => all of them
            TXT     "a\\999" => \\000 to \\255
            TXT     "a\\1" => three digits
            HINFO   PC => expected data of type HINFO
            TYPE65280 hello => expected \\# <octets> <hexadecimal digits>
            TYPE65280 \\# 4 0a0000 => expected \\# <octets>
            TYPE65280 \\# x 0a => expected \\# <octets>
            TYPE65280 \\# 1 zz => expected \\# <octets>
            TYPE65280 \\# 1 @ => expected \\# <octets>
            """.replace("%SHA1", SHA1);

    record Case(RecordType type, String spelled, String expected) {
        static Stream<Case> of(String table) {
            return table.lines().map(line -> {
                String[] words = line.split(" +", 2);
                String[] sides = words[1].split(" +=> +", 2);
                return new Case(
                        RecordType.named(words[0]).orElseThrow(), sides[0].strip(), sides[sides.length - 1].strip());
            });
        }

        RecordContent parse() {
            String[] parts = spelled.split(" \\| ", 2);
            OptionalInt priority = parts.length == 1 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[0]));
            return ContentForm.read(
                    type, parts[parts.length - 1], priority, TargetNames.inZone(DomainName.of("example.com")));
        }
    }

    static Stream<Case> good() {
        return Case.of(GOOD);
    }

    static Stream<Case> bad() {
        return Case.of(BAD);
    }

    private static String shown(RecordContent content) {
        return content.priority().isPresent() ? content.priority().getAsInt() + " | " + content.text() : content.text();
    }

    @ParameterizedTest
    @MethodSource("good")
    void content_is_stored_in_one_form(Case given) {
        String stored = given.type == RecordType.PTR ? given.expected.replaceAll("(.)\\.$", "$1") : given.expected;
        assertThat(shown(given.parse())).isEqualTo(stored);
    }

    @ParameterizedTest
    @MethodSource("good")
    void stored_content_read_again_is_the_same(Case given) {
        RecordContent first = given.parse();
        assertThat(ContentForm.read(given.type, first.text(), first.priority(), TargetNames.ABSOLUTE))
                .isEqualTo(first);
        assertThat(RecordParser.rdata(given.type, first.text(), first.priority()))
                .isEqualTo(first.rdata());
    }

    /** Types whose text dnsjava does not know. */
    private static final Set<String> OURS = Set.of(
            "EUI48",
            "EUI64",
            "NID",
            "L32",
            "L64",
            "LP",
            "CSYNC",
            "AVC",
            "AMTRELAY",
            "RESINFO",
            "WALLET",
            "DSYNC",
            "HHIT");

    static Stream<Case> known() {
        return good().filter(given -> !OURS.contains(given.type.name()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            EUI48 00-00-5e-00-53-2a = 00005e00532a
            EUI64 00-00-5e-ef-10-00-00-2a = 00005eef1000002a
            NID 10 0014:4fff:ff20:ee64 = 000a00144fffff20ee64
            L32 10 10.1.2.0 = 000a0a010200
            L64 10 2001:0db8:1140:1000 = 000a20010db811401000
            LP 10 l64.example.com = 000a036c3634076578616d706c6503636f6d00
            CSYNC 66 3 A NS AAAA = 000000420003000460000008
            CSYNC 1 1 = 000000010001
            AVC "ab" "c" = 0261620163
            AMTRELAY 10 0 1 203.0.113.15 = 0a01cb00710f
            AMTRELAY 10 1 2 2001:db8::15 = 0a8220010db8000000000000000000000015
            AMTRELAY 128 1 3 a.example = 80830161076578616d706c6500
            AMTRELAY 0 0 0 . = 0000
            RESINFO "qnamemin" = 08716e616d656d696e
            WALLET "BTC" "x" = 034254430178
            DSYNC CDS NOTIFY 5359 a.example = 003b0114ef0161076578616d706c6500
            X25 "3110" = 0433313130
            NSAP 0x4700 = 4700
            APL 2:::ffff:1.2.3.4/128 = 0002801000000000000000000000ffff01020304
            APL 1:192.0.2.0/24 !2:2001:db8::/32 = 00011803c000020002208420010db8
            """)
    void the_octets_of_the_types_own_forms_are_those_of_their_rfcs(String record, String octets) {
        String[] words = record.split(" ", 2);
        RecordType type = RecordType.named(words[0]).orElseThrow();
        RecordContent read = ContentForm.read(type, words[1], OptionalInt.empty(), TargetNames.ABSOLUTE);
        assertThat(read.rdata()).hasToString(octets);
        assertThat(read.text()).isEqualTo(words[1]);
        assertThat(ContentForm.read(
                        type, "\\# " + octets.length() / 2 + " " + octets, OptionalInt.empty(), TargetNames.ABSOLUTE))
                .isEqualTo(read);
    }

    @ParameterizedTest
    @MethodSource("known")
    void the_octets_are_those_that_dnsjava_writes(Case given) throws IOException {
        RecordContent content = given.parse();
        String text =
                content.priority().isPresent() ? content.priority().getAsInt() + " " + content.text() : content.text();
        Record other = Record.fromString(Name.root, Type.value(given.type.name()), DClass.IN, 0, text, Name.root);
        assertThat(content.rdata().wire()).isEqualTo(other.rdataToWireCanonical());
    }

    @ParameterizedTest
    @MethodSource("good")
    void the_data_object_gives_the_content_back(Case given) {
        ContentForm form = ContentForm.of(given.type);
        RecordContent content = given.parse();
        Map<String, Object> data = form.data(content);
        assertThat(data.isEmpty()).isEqualTo(!form.hasData());
        if (form.hasData()) {
            assertThat(form.fromData(data, content.priority(), TargetNames.ABSOLUTE))
                    .isEqualTo(content);
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void content_that_breaks_a_rule_is_refused_in_plain_words(Case given) {
        InvalidContentException refused = catchThrowableOfType(InvalidContentException.class, given::parse);
        assertThat(refused).as("%s %s", given.type, given.spelled).isNotNull();
        String said = refused.errors().stream().map(FieldError::sentence).collect(Collectors.joining("; "));
        assertThat(List.of(given.expected.split("\\|")))
                .anySatisfy(part -> assertThat(said).contains(part));
    }

    @Test
    void every_type_with_fields_is_in_the_table() {
        assertThat(good().map(Case::type).distinct()).containsAll(RecordType.withFields());
    }

    @Test
    void the_data_object_has_the_keys_of_the_api_in_its_order() {
        Map<RecordType, String> keys = new LinkedHashMap<>();
        good().forEach(c -> keys.put(
                c.type, String.join(",", ContentForm.of(c.type).data(c.parse()).keySet())));
        keys.values().removeIf(String::isEmpty);
        assertThat(keys)
                .isEqualTo(Map.ofEntries(
                        Map.entry(RecordType.CAA, "flags,tag,value"),
                        Map.entry(RecordType.CERT, "type,key_tag,algorithm,certificate"),
                        Map.entry(RecordType.DNSKEY, "flags,protocol,algorithm,public_key"),
                        Map.entry(RecordType.DS, "key_tag,algorithm,digest_type,digest"),
                        Map.entry(RecordType.HTTPS, "priority,target,value"),
                        Map.entry(RecordType.SVCB, "priority,target,value"),
                        Map.entry(
                                RecordType.LOC,
                                "lat_degrees,lat_minutes,lat_seconds,lat_direction,long_degrees,long_minutes,long_seconds,"
                                        + "long_direction,altitude,size,precision_horz,precision_vert"),
                        Map.entry(RecordType.NAPTR, "order,preference,flags,service,regex,replacement"),
                        Map.entry(RecordType.SMIMEA, "usage,selector,matching_type,certificate"),
                        Map.entry(RecordType.TLSA, "usage,selector,matching_type,certificate"),
                        Map.entry(RecordType.SRV, "priority,weight,port,target"),
                        Map.entry(RecordType.SSHFP, "algorithm,type,fingerprint"),
                        Map.entry(RecordType.URI, "weight,target")));
    }

    @Test
    void data_takes_numbers_in_any_form_and_ignores_keys_it_does_not_know() {
        Map<String, Object> data = Map.of(
                "service",
                "_sip",
                "proto",
                "_udp",
                "name",
                "example.com",
                "priority",
                10.0,
                "weight",
                "5",
                "port",
                5060L,
                "target",
                "Sip.Example.net.");
        RecordContent content =
                ContentForm.of(RecordType.SRV).fromData(data, OptionalInt.empty(), TargetNames.ABSOLUTE);
        assertThat(shown(content)).isEqualTo("10 | 5 5060 sip.example.net");
    }

    @Test
    void every_field_that_is_wrong_in_data_is_named() {
        Map<String, Object> data = Map.of("priority", -1, "weight", 1.5, "target", "192.0.2.1");
        InvalidContentException refused = catchThrowableOfType(
                InvalidContentException.class,
                () -> ContentForm.of(RecordType.SRV).fromData(data, OptionalInt.empty(), TargetNames.ABSOLUTE));
        assertThat(refused.errors())
                .extracting(FieldError::field)
                .containsExactly("data.priority", "data.weight", "data.port", "data.target");
    }

    @Test
    void a_text_over_255_octets_is_split_between_characters() {
        RecordContent content = ContentForm.of(RecordType.TXT)
                .fromContent("a" + "\u00fc".repeat(200), OptionalInt.empty(), TargetNames.ABSOLUTE);
        assertThat(content.text()).isEqualTo("\"a" + "\u00fc".repeat(127) + "\" \"" + "\u00fc".repeat(73) + "\"");
        assertThat(content.rdata().length()).isEqualTo(403);
        RecordContent ascii =
                ContentForm.of(RecordType.TXT).fromContent("x".repeat(600), OptionalInt.empty(), TargetNames.ABSOLUTE);
        assertThat(ascii.text())
                .isEqualTo("\"" + "x".repeat(255) + "\" \"" + "x".repeat(255) + "\" \"" + "x".repeat(90) + "\"");
    }

    @Test
    void a_text_has_at_most_4096_octets_on_the_wire() {
        ContentForm form = ContentForm.of(RecordType.TXT);
        assertThat(form.fromContent("x".repeat(4080), OptionalInt.empty(), TargetNames.ABSOLUTE)
                        .rdata()
                        .length())
                .isEqualTo(4096);
        assertThat(catchThrowableOfType(
                        InvalidContentException.class,
                        () -> form.fromContent("x".repeat(4081), OptionalInt.empty(), TargetNames.ABSOLUTE)))
                .hasMessageContaining("at most 4096 octets on the wire, not 4098");
    }

    @Test
    void octets_are_octets_whatever_the_type() {
        assertThat(ContentForm.read(RecordType.TXT, "\\# 4 03616263", OptionalInt.empty(), TargetNames.ABSOLUTE)
                        .text())
                .isEqualTo("\"abc\"");
        assertThat(ContentForm.read(RecordType.TXT, "\"\\# 4 03616263\"", OptionalInt.empty(), TargetNames.ABSOLUTE)
                        .text())
                .isEqualTo("\"\\# 4 03616263\"".replace("\\#", "#"));
        assertThat(ContentForm.read(
                                RecordType.MX,
                                "\\# 9 000a 05 4d61696c 31 00",
                                OptionalInt.empty(),
                                TargetNames.ABSOLUTE)
                        .text())
                .isEqualTo("mail1");
    }

    @Test
    void names_in_a_zone_file_are_below_its_origin_unless_they_end_in_a_dot() {
        TargetNames names = TargetNames.below(DomainName.of("sub.example.com"));
        assertThat(names.read("www")).hasToString("www.sub.example.com");
        assertThat(names.read("www.example.net.")).hasToString("www.example.net");
        assertThat(names.read("@")).hasToString("sub.example.com");
        assertThat(TargetNames.below(DomainName.ROOT).read("www")).hasToString("www");
    }
}
