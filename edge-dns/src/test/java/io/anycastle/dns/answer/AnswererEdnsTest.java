package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.ZoneText;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** RFC 1035 section 4.1, RFC 6891, RFC 2308, RFC 9619: header, sizes, EDNS and what is malformed. */
class AnswererEdnsTest {
    private static final String LONG_TEXT = ("\"" + "t".repeat(250) + "\" ").repeat(6);

    private final Asking edge = new Asking(ZoneText.active(
            "example.com",
            "@ 300 A 192.0.2.1\n@ 60 A 192.0.2.2\n@ 900 A 192.0.2.3\nbig 300 TXT " + LONG_TEXT + "\nmid 300 TXT "
                    + LONG_TEXT.substring(0, 3 * 253) + "\nauto 1 TXT x\nproxied blog 1 A 192.0.2.4"));

    /** Header (id 1234), then question {@code example.com A IN}, then what the case adds; {@code #} for silence. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        # nothing to answer
        '',                                                                          #
        1234,                                                                        #
        123400000001000000000000,                                                    1
        123480000001000000000000076578616d706c6503636f6d0000010001,                    #
        # questions
        123400000000000000000000,                                                    1
        123400000002000000000000076578616d706c6503636f6d0000010001,                    1
        123400000001000000000000c00c00010001,                                        1
        123400000001000000000000400100010001,                                        1
        123400000001000000000000076578616d706c6503636f6d00000100,                      1
        123400000001000100000000076578616d706c6503636f6d0000010001,                    1
        123400000001000000010000076578616d706c6503636f6d0000010001,                    1
        123400000001000000000000076578616d706c6503636f6d000001000100,                  1
        123400000001000000000001076578616d706c6503636f6d0000010001,                    1
        # other operations and classes
        123428000001000000000000076578616d706c6503636f6d0000060001,                    4
        123410000000000000000000076578616d706c6503636f6d,                              4
        123400000001000000000000076578616d706c6503636f6d0000010003,                    5
        123400000001000000000000076578616d706c6503636f6d0000010001,                    0
        # EDNS
        123400000001000000000001076578616d706c6503636f6d00000100010000290200000000000000, 0
        123400000001000000000001076578616d706c6503636f6d00000100010000290200000100000000, 16
        123400000001000000000002076578616d706c6503636f6d000001000100002902000000000000000000290200000000000000, 1
        123400000001000000000001076578616d706c6503636f6d00000100010000290200000000000003000a00, 1
        123400000001000000000001076578616d706c6503636f6d00000100010000290200000000000004000a0000, 1
        123400000001000000000001076578616d706c6503636f6d00000100010161000029020000000000000000, 1
        """)
    void a_message_gets_its_code(String hex, String expected) throws Exception {
        byte[] query = HexFormat.of().parseHex(hex);
        byte[] answer = edge.raw(query, Transport.UDP);
        if (expected.equals("#")) {
            assertThat(answer).isEmpty();
            return;
        }
        Message parsed = new Message(answer);
        assertThat(parsed.getHeader().getID()).isEqualTo(0x1234);
        assertThat(parsed.getRcode()).isEqualTo(Integer.parseInt(expected));
    }

    /** Family, source prefix, scope and address of a client subnet (RFC 7871 section 6), and the code of the answer. */
    @ParameterizedTest
    @CsvSource({
        "00011800c00002, 0, 24 bits of IPv4",
        "00011818c00002, 1, a scope in a query",
        "00011900c0000280, 0, 25 bits need 4 octets",
        "00011900c0000281, 1, a bit set after the prefix",
        "00011800c0000200, 1, an octet too many",
        "00011900c00002, 1, an octet too few",
        "00012100c000020000, 1, more bits than IPv4 has",
        "0002380020010db8000100, 0, 56 bits of IPv6",
        "00020000, 0, nothing told of IPv6",
        "00010000, 0, nothing told of IPv4",
        "00000000, 0, nothing told at all",
        "00000800c0, 1, an address of no family",
        "00030000, 1, a family that nobody knows",
        "000118, 1, cut off",
        "'', 1, empty"
    })
    void a_client_subnet_is_well_formed_or_the_query_is_not(String hex, int expected, String why) {
        assertThat(edge.ask(option(8, hex)).getRcode()).as(why).isEqualTo(expected);
    }

    /** Header (id 1234), question {@code example.com A IN} where there is one, and an OPT record; without one in the answer, EDNS is off. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        123400000001000000000001076578616d706c6503636f6d0000010001000029020000000000000b0008000700011818c00002, 1, a client subnet with a bad scope
        123400000001000000000001076578616d706c6503636f6d00000100010000290200000000000004000a0008,                1, an option that is cut off
        123400000001000100000001076578616d706c6503636f6d0000010001c00c00010001000000000004c00002010000290200000000000000, 1, a record in the answer
        123400000001000000000001076578616d706c6503636f6d0000010001000029020000000000000000,                      1, an octet too many
        123410000001000000000001076578616d706c6503636f6d00000600010000290200000000000000,                        4, another operation
        1234300000000000000000010000290200000000000000,                                                          4, another operation with no question
        123400000001000000000001076578616d706c6503636f6d000001000100002902000001000000040003ffff,                16, options of another version
        """)
    void whatever_is_wrong_who_sends_an_opt_record_gets_one(String hex, int expected, String why) {
        Message answer = edge.ask(HexFormat.of().parseHex(hex.replace(" ", "")), Transport.UDP);
        assertThat(answer.getRcode()).as(why).isEqualTo(expected);
        assertThat(answer.getOPT()).as(why).isNotNull();
        assertThat(answer.getOPT().getVersion()).as(why).isZero();
    }

    private static Message option(int code, String hex) {
        Message query = Asking.query("example.com.", "A");
        EDNSOption option = new GenericEDNSOption(code, HexFormat.of().parseHex(hex));
        query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(option)), Section.ADDITIONAL);
        return query;
    }

    @Test
    void spelling_and_recursion_bit_of_the_question_are_kept_and_other_bits_are_not() {
        Message query = Asking.query("eXaMpLe.CoM.", "A");
        query.getHeader().setFlag(Flags.CD);
        query.getHeader().setFlag(Flags.AD);
        Message answer = edge.ask(query);
        assertThat(answer.getQuestion().getName()).hasToString("eXaMpLe.CoM.");
        assertThat(answer.getHeader().printFlags().trim()).isEqualTo("qr aa rd");
    }

    @Test
    void an_answer_to_edns_tells_the_payload_size_and_copies_do() {
        OPTRecord opt = edge.ask(edns("example.com.", "A", 4096)).getOPT();
        assertThat(opt.getPayloadSize()).isEqualTo(1232);
        assertThat(opt.getFlags()).isEqualTo(0x8000);
        assertThat(edge.ask("example.com.", "A").getOPT()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"mid, 0, true", "mid, 100, true", "mid, 1232, false", "big, 1232, true", "big, 65535, true"})
    void an_answer_over_udp_fits_or_is_truncated(String name, int payload, boolean truncated) {
        Message query = payload == 0
                ? Asking.query(name + ".example.com.", "TXT")
                : edns(name + ".example.com.", "TXT", payload);
        Message answer = edge.ask(query);
        assertThat(answer.getHeader().getFlag(Flags.TC)).isEqualTo(truncated);
        assertThat(answer.getSection(Section.ANSWER)).hasSize(truncated ? 0 : 1);
        Message whole = edge.ask(query.toWire(), Transport.TCP);
        assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(whole.getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void a_set_has_the_lowest_ttl_of_its_records_and_its_order_turns() {
        TreeSet<String> firsts = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            List<org.xbill.DNS.Record> records = edge.ask("example.com.", "A").getSection(Section.ANSWER);
            assertThat(records)
                    .hasSize(3)
                    .allSatisfy(r -> assertThat(r.getTTL()).isEqualTo(60));
            firsts.add(records.getFirst().rdataToString());
        }
        assertThat(firsts).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
    }

    @Test
    void automatic_ttls_are_the_settings() {
        AnswerConfig config =
                new AnswerConfig(Asking.CONFIG.edgeIpv4(), List.of(), 120, 30, 86400, Asking.CONFIG.soa());
        Asking other = new Asking(config, ZoneText.active("example.com", "auto 1 TXT x\nproxied blog 900 A 192.0.2.4"));
        assertThat(ttl(other.ask("auto.example.com.", "TXT"))).isEqualTo(120);
        assertThat(ttl(other.ask("blog.example.com.", "A"))).isEqualTo(30);
        assertThat(other.told("blog.example.com.", "AAAA")).isEqualTo("NOERROR aa | | example.com. SOA |");
        assertThat(ttl(edge.ask("auto.example.com.", "TXT"))).isEqualTo(300);
        assertThat(ttl(edge.ask("blog.example.com.", "A"))).isEqualTo(300);
    }

    @Test
    void the_soa_is_the_edges_and_a_no_is_cached_for_its_minimum() {
        SOARecord soa = (SOARecord)
                edge.ask("example.com.", "SOA").getSection(Section.ANSWER).getFirst();
        assertThat(soa.rdataToString()).isEqualTo("ns1.anycast.test. hostmaster.example.com. 1 10000 2400 604800 1800");
        assertThat(soa.getTTL()).isEqualTo(3600);
        SOARecord no = (SOARecord)
                edge.ask("no.example.com.", "A").getSection(Section.AUTHORITY).getFirst();
        assertThat(no.rdataToString()).isEqualTo(soa.rdataToString());
        assertThat(no.getTTL()).isEqualTo(1800);
        assertThat(ttl(edge.ask("example.com.", "NS"))).isEqualTo(86400);
    }

    @ParameterizedTest
    @CsvSource({"PENDING, false", "MOVED, false", "ACTIVE, true"})
    void a_zone_that_does_not_proxy_answers_contents(ZoneStatus status, boolean paused) {
        Zone zone = ZoneText.zone("example.com", status, paused, 2);
        ZoneState state = ZoneText.of(zone, "proxied blog 1 A 192.0.2.4\nproxied shop 1 CNAME blog");
        Asking contents = new Asking(state);
        assertThat(contents.told("shop.example.com.", "A"))
                .isEqualTo("NOERROR aa | blog.example.com. A 192.0.2.4, shop.example.com. CNAME blog.example.com. | |");
        // Activation touches the zone alone, none of its names.
        contents.view.update(
                state.withZone(ZoneText.zone("example.com", ZoneStatus.ACTIVE, false, 3)), java.util.Set.of());
        assertThat(contents.told("shop.example.com.", "AAAA"))
                .isEqualTo("NOERROR aa | shop.example.com. AAAA 2001:db8:0:0:0:0:0:1 | |");
    }

    @Test
    void a_removed_zone_is_refused() {
        edge.view.remove(io.anycastle.core.model.DomainName.of("example.com"));
        assertThat(edge.told("example.com.", "A")).isEqualTo("REFUSED | | |");
    }

    @Test
    void other_classes_and_operations_are_counted_by_their_code() {
        Message query = Asking.query("version.bind.", "TXT");
        query.removeAllRecords(Section.QUESTION);
        query.addRecord(
                org.xbill.DNS.Record.newRecord(org.xbill.DNS.Name.fromConstantString("version.bind."), 16, DClass.CH),
                Section.QUESTION);
        assertThat(edge.ask(query).getRcode()).isEqualTo(Rcode.REFUSED);
        Message notify = Asking.query("example.com.", "SOA");
        notify.getHeader().setOpcode(Opcode.NOTIFY);
        assertThat(edge.ask(notify).getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(edge.counters.read())
                .containsEntry("answers.udp.refused", 1L)
                .containsEntry("answers.udp.notimp", 1L);
    }

    private static long ttl(Message answer) {
        return answer.getSection(Section.ANSWER).getFirst().getTTL();
    }

    private static Message edns(String name, String type, int payload) {
        Message query = Asking.query(name, type);
        query.addRecord(new OPTRecord(payload, 0, 0, 0x8000), Section.ADDITIONAL);
        return query;
    }
}
