package io.anycastle.core.rdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.zonefile.ZoneFile;
import io.anycastle.core.zonefile.ZoneFileLimits;
import io.anycastle.core.zonefile.ZoneFileReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever octets of whatever type are accepted, the text that stands for them gives the same octets again: by the API and by a file. */
class OddOctetsTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final ZoneRules RULES =
            new ZoneRules(Set.of(), List.of(DomainName.of("ns1.edge.test")), true, 30, 86_400);
    private static final RecordParser PARSER =
            new RecordParser(Set.of(), List.of(DomainName.of("ns1.edge.test")), 30, 86_400);
    private static final RecordIdentity ID = new RecordIdentity("0".repeat(32), Instant.EPOCH, Instant.EPOCH);
    private static final int ROUNDS = 10_000;

    static Stream<RecordType> types() {
        return IntStream.concat(IntStream.rangeClosed(1, 300), IntStream.of(32768, 32769, 65280, 65535))
                .mapToObj(RecordType::of)
                .flatMap(Optional::stream);
    }

    private static ParsedRecord parse(RecordType type, String content, Optional<Integer> priority) {
        RecordDraft draft = RecordDraft.of("odd", type.name(), content);
        return PARSER.parse(priority.map(draft::withPriority).orElse(draft), ZONE, ID);
    }

    /** Accepted content is accepted again in every way it is shown, or the record was refused. */
    private static boolean check(RecordType type, String content) throws IOException {
        if (!(parse(type, content, Optional.empty()) instanceof ParsedRecord.Valid valid)) {
            return false;
        }
        var record = valid.record();
        Optional<Integer> priority =
                record.priority().isPresent() ? Optional.of(record.priority().getAsInt()) : Optional.empty();
        ParsedRecord again = parse(type, record.content(), priority);
        assertThat(again).as("%s %s: %s", type, content, record.content()).isInstanceOf(ParsedRecord.Valid.class);
        assertThat(((ParsedRecord.Valid) again).record()).isEqualTo(record);
        String text = ContentForm.of(type)
                .masterFileText(new RecordContent(record.content(), record.priority(), record.rdata()));
        ZoneFile file = new ZoneFileReader(ZONE, RULES, ZoneFileLimits.DEFAULTS)
                .read(new StringReader("odd 300 IN " + type + " " + text + "\n"), "f");
        assertThat(file.errors()).as("%s %s: %s", type, content, text).isEmpty();
        var draft = file.records().getFirst().draft();
        assertThat(draft.content()).as("%s %s: %s", type, content, text).contains(record.content());
        return true;
    }

    private static String marked(byte[] octets) {
        return ("\\# " + octets.length + " " + HexFormat.of().formatHex(octets)).strip();
    }

    @ParameterizedTest
    @MethodSource("types")
    void octets_that_are_accepted_have_a_text_that_gives_them_back(RecordType type) throws IOException {
        Random random = new Random(type.code());
        int perType = (int) (ROUNDS / types().count()) + 40;
        for (int i = 0; i < perType; i++) {
            check(type, marked(octets(random)));
        }
        check(type, "\\# 0");
    }

    /** Octets that often make sense: small numbers, names, strings, and anything. */
    private static byte[] octets(Random random) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int parts = random.nextInt(5); parts > 0; parts--) {
            switch (random.nextInt(6)) {
                case 0 -> octets.writeBytes(new byte[] {0, (byte) random.nextInt(8)});
                case 1 -> octets.write(random.nextInt(256));
                case 2, 3 -> name(random, octets);
                case 4 -> string(random, octets);
                default -> {
                    byte[] any = new byte[random.nextInt(20)];
                    random.nextBytes(any);
                    octets.writeBytes(any);
                }
            }
        }
        return octets.toByteArray();
    }

    private static void name(Random random, ByteArrayOutputStream out) {
        for (int labels = random.nextInt(3); labels > 0; labels--) {
            string(random, out, 1 + random.nextInt(6));
        }
        out.write(0);
    }

    private static void string(Random random, ByteArrayOutputStream out) {
        string(random, out, random.nextInt(20));
    }

    private static void string(Random random, ByteArrayOutputStream out, int length) {
        out.write(length);
        for (int i = 0; i < length; i++) {
            boolean isOdd = random.nextInt(3) == 0;
            out.write(isOdd ? random.nextInt(256) : "abc0129.\"\\;()@$ ,=*\u00c3\u00bc".charAt(random.nextInt(20)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTPS 1 . ipv6hint=::ffff:192.0.2.1",
                "HTTPS 1 . ipv6hint=::,1::,::1,::ffff:0:0",
                "HTTPS 1 . alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
                "SVCB 1 a\\.b\\\". alpn=\\255\\000 key667=\"hel\\210qoo\" key1000",
                "APL \\# 0",
                "APL 1:192.0.2.0/24 !2:2001:db8::/32",
                "APL 2:::ffff:1.2.3.4/128",
                "APL \\# 20 0002801000000000000000000000ffff01020304",
                "TLSA 3 1 1 aabb",
                "SMIMEA 3 1 1 aabb",
                "HTTPS 1 . key65535=x",
                "TYPE65535 \\# 0",
                "RESINFO qnamemin exterr=15-17",
                "WALLET a\\ b \"c;d\"",
                "TXT \"\\226\\128\\168\\226\\128\\169\"",
                "TXT \"\\239\\187\\191bom\"",
                "TXT \"\"",
                "CNAME a\\.b\\;c\\\"d.example.",
                "MX 10 \\064",
                "CAA 0 issue \"a\\\"b\\\\c\"",
                "URI 1 1 \"http://a/\\\"\"",
                "NAPTR 1 1 \"\" \"\" \"\\\\\\\"\" .",
                "LOC 0 0 0 S 0 0 0 W -100000m 0.01m 9m 90000000m",
                "CSYNC 0 0",
                "HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAbdxyhNuSutc5EMzxTs9LBPCIkOFH8cIvM4p9+LrV4e19WzK00+CI6zBCQTdtWsuxKbWIy87UOoJTwkUs7lBu+Upr1gsNrut79ryra+bSRGQb1slImA8YVJyuIDsj7kwzG7jnERNqnWxZ48AWkskmdHaVDP4BcelrTI3rMXdXF5D rvs.example.com.",
                "GPOS 1 2 3",
                "IPSECKEY 10 3 2 mygateway.example.com. AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ=="
            })
    void what_users_found_to_be_accepted_once_only_is_accepted_again(String record) throws IOException {
        String[] words = record.split(" ", 2);
        RecordType type = RecordType.named(words[0]).orElseThrow();
        assertThat(check(type, words[1])).as(record).isTrue();
    }

    @Test
    void every_mnemonic_that_iana_lists_is_known_by_its_number() {
        for (String pair : List.of(
                "A 1",
                "MD 3",
                "NSAP-PTR 23",
                "EID 31",
                "NIMLOC 32",
                "ATMA 34",
                "A6 38",
                "SINK 40",
                "APL 42",
                "HIP 55",
                "NINFO 56",
                "RKEY 57",
                "TALINK 58",
                "CDS 59",
                "CSYNC 62",
                "DSYNC 66",
                "HHIT 67",
                "BRID 68",
                "SPF 99",
                "UINFO 100",
                "UID 101",
                "GID 102",
                "UNSPEC 103",
                "NID 104",
                "L32 105",
                "L64 106",
                "LP 107",
                "EUI48 108",
                "EUI64 109",
                "AVC 258",
                "DOA 259",
                "AMTRELAY 260",
                "RESINFO 261",
                "WALLET 262",
                "CLA 263",
                "IPN 264",
                "TA 32768",
                "DLV 32769")) {
            String[] words = pair.split(" ");
            assertThat(RecordType.named(words[0]).map(RecordType::code)).contains(Integer.valueOf(words[1]));
            assertThat(RecordType.named("type" + words[1]).map(RecordType::name))
                    .contains(words[0]);
        }
        for (String none : List.of(
                "OPT", "AXFR", "ANY", "TSIG", "NXNAME", "SOA", "RRSIG", "TYPE63", "TYPE0", "TYPE65536", "FOO")) {
            assertThat(RecordType.named(none)).as(none).isEmpty();
        }
    }

    @Test
    void content_whose_text_cannot_be_read_again_is_refused_with_the_reason() {
        assertThat(parse(RecordType.LOC, "\\# 16 00031613800000008000000000989680", Optional.empty()))
                .isInstanceOfSatisfying(
                        ParsedRecord.Invalid.class,
                        refused -> assertThat(refused.errors().getFirst().rule())
                                .contains("no text gives these octets again"));
        assertThat(parse(RecordType.CNAME, "\\# 9 013101300132013100", Optional.empty()))
                .isInstanceOfSatisfying(
                        ParsedRecord.Valid.class,
                        valid -> assertThat(valid.record().content()).isEqualTo("1.0.2.1."));
    }
}
