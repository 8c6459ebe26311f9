package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.TestCertificate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/** RFC 8945 section 5.2.1: who signs with a key that is not known here is told so, over every transport. */
class TsigRfc8945Test {
    private static final TSIG KEY = new TSIG(TSIG.HMAC_SHA256, Name.fromConstantString("Key.example."), new byte[32]);

    private final Asking edge = new Asking(ZoneText.active("example.com", "www 300 A 192.0.2.1"));
    private final TestCertificate certificate = TestCertificate.any();

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1");

    private static Message signed(Message query) {
        KEY.apply(query, null);
        return query;
    }

    private static Message query() {
        return Asking.query("www.example.com.", "A");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void a_query_signed_with_an_unknown_key_is_answered_notauth_and_badkey(Transport transport, @TempDir Path folder)
            throws Exception {
        DnsService service = start(folder);
        Message query = signed(query());
        Message answer = new Message(ask(service, transport, query.toWire()));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOTAUTH);
        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        assertUnsigned(answer, query.getHeader().getID());
    }

    private static void assertUnsigned(Message answer, int id) {
        List<Record> additional = answer.getSection(Section.ADDITIONAL);
        assertThat(additional.getLast()).isInstanceOfSatisfying(TSIGRecord.class, tsig -> {
            assertThat(tsig.getName()).isEqualTo(Name.fromConstantString("Key.example."));
            assertThat(tsig.getDClass()).isEqualTo(255);
            assertThat(tsig.getTTL()).isZero();
            assertThat(tsig.getAlgorithm()).isEqualTo(TSIG.HMAC_SHA256);
            assertThat(tsig.getError()).isEqualTo(Rcode.BADKEY);
            assertThat(tsig.getSignature()).isEmpty();
            assertThat(tsig.getOriginalID()).isEqualTo(id);
            assertThat(tsig.getFudge()).isEqualTo(Duration.ofMinutes(5));
            assertThat(tsig.getTimeSigned()).isAfter(Instant.EPOCH);
        });
    }

    private DnsService start(Path folder) throws Exception {
        List<InetSocketAddress> listen = List.of(ServedZone.ANY_PORT);
        return served.start(ServedZone.LOOPBACK
                .withTls(TlsConfig.DEFAULTS
                        .with(certificate.writeTo(folder), listen)
                        .withHandshakeTimeout(ServedZone.PATIENCE))
                .withHttps(HttpsConfig.DEFAULTS.withListen(listen, List.of())));
    }

    private byte[] ask(DnsService service, Transport transport, byte[] query) throws Exception {
        InetSocketAddress at = ServedZone.address(service, transport);
        return switch (transport) {
            case UDP -> overUdp(at, query);
            case TCP -> overStream(served.connect(at), query);
            case DOT -> overStream(served.connectTls(service, transport, certificate), query);
            case DOH -> overHttps(at, query);
        };
    }

    private static byte[] overUdp(InetSocketAddress at, byte[] query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(20_000);
            socket.send(new DatagramPacket(query, query.length, at));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private static byte[] overStream(Socket socket, byte[] query) throws IOException {
        return Frames.ask(socket, new Message(query)).toWire();
    }

    private byte[] overHttps(InetSocketAddress at, byte[] query) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestCertificate.trusting(certificate))
                .build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + at.getPort() + "/dns-query"))
                                    .header("Content-Type", "application/dns-message")
                                    .timeout(Duration.ofSeconds(30))
                                    .POST(BodyPublishers.ofByteArray(query))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
        }
    }

    @Test
    void the_signature_is_last_behind_edns_and_its_padding() {
        Message query = query();
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        Message answer = edge.ask(signed(query));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOTAUTH);
        assertThat(answer.getSection(Section.ADDITIONAL))
                .extracting(Record::getType)
                .containsExactly(Type.OPT, Type.TSIG);
        assertUnsigned(answer, query.getHeader().getID());
    }

    @ParameterizedTest
    @CsvSource({Opcode.NOTIFY + "", Opcode.UPDATE + ""})
    void other_operations_are_told_of_the_key_first(int opcode) {
        Message query = query();
        query.getHeader().setOpcode(opcode);
        assertThat(edge.ask(query).getRcode()).isEqualTo(Rcode.NOTIMP);
        Message answer = edge.ask(signed(query));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOTAUTH);
        assertUnsigned(answer, query.getHeader().getID());
    }

    @Test
    void a_name_of_nobody_is_refused_by_the_key_too_and_the_next_query_is_answered() {
        Message other = signed(Asking.query("www.example.org.", "A"));
        assertThat(edge.ask(other).getRcode()).isEqualTo(Rcode.NOTAUTH);
        assertThat(edge.told("www.example.com.", "A")).isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
    }

    @Test
    void a_key_whose_name_is_compressed_against_the_question_is_told_in_full() throws Exception {
        Message query = query();
        new TSIG(TSIG.HMAC_SHA256, Name.fromConstantString("key.example.com."), new byte[32]).apply(query, null);
        assertThat(HexFormat.of().formatHex(query.toWire())).contains("036b6579c0");
        byte[] answer = edge.raw(query.toWire(), Transport.UDP);
        assertThat(HexFormat.of().formatHex(answer)).contains("036b6579076578616d706c6503636f6d0000fa00ff");
        assertThat(new Message(answer).getTSIG().getError()).isEqualTo(Rcode.BADKEY);
    }

    @Test
    void an_answer_that_has_no_room_for_the_signature_sends_the_asker_to_tcp() throws Exception {
        String name = ("a".repeat(60) + ".").repeat(4);
        Message query = Asking.query(name, "A");
        new TSIG(TSIG.HMAC_SHA256, Name.fromString(name), new byte[32]).apply(query, null);
        Message short_ = edge.ask(query.toWire(), Transport.UDP);
        assertThat(Asking.tell(short_)).isEqualTo("NOTAUTH tc | | |");
        Message whole = edge.ask(query.toWire(), Transport.TCP);
        assertThat(whole.getSection(Section.ADDITIONAL)).hasSize(1);
    }

    /** Header (id 1234), question {@code example.com A IN}, then additional records; key {@code k.}, algorithm {@code a.}. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        000100000001, 016b0000fa00ff00000000001301610000000000000101 2c0000123400000000, 9, a signature without a MAC
        000100000001, 016b0000fa00ff00000000001501610000000000000101 2c0002abcd123400000000, 9, one with a MAC
        000100000001, 016b0000fa00ff00000000001501610000000000000101 2c0000123400000002abcd, 9, other data
        000100000001, 016b0000fa000100000000001301610000000000000101 2c0000123400000000, 1, class IN
        000100000001, 016b0000fa00ff00000000001301610000000000000101 2c0001123400000000, 1, a MAC beyond its data
        000100000001, 016b0000fa00ff00000000001401610000000000000101 2c000012340000000000, 1, an octet too many
        000100000001, 016b0000fa00ff0000000000020161, 1, no data to speak of
        000100000001, 016b0000fa00ff0000000000130161c00c00000000000101 2c0000123400000000, 1, an algorithm that is a pointer
        000100000002, 016b0000fa00ff00000000001301610000000000000101 2c0000123400000000016b0000fa00ff00000000001301610000000000000101 2c0000123400000000, 1, two of them
        000100000002, 016b0000fa00ff00000000001301610000000000000101 2c00001234000000000000290200000000000000, 1, not the last
        000100010000, 016b0000fa00ff00000000001301610000000000000101 2c0000123400000000, 1, in the authority section
        """)
    void a_signature_that_breaks_the_format_is_no_signature(String counts, String records, int expected, String why)
            throws IOException {
        String rest = counts.substring(0, 4) + "0000" + counts.substring(4);
        String hex = "12340000" + rest + "076578616d706c6503636f6d0000010001" + records.replace(" ", "");
        Message answer = edge.ask(HexFormat.of().parseHex(hex), Transport.UDP);
        assertThat(answer.getRcode()).as(why).isEqualTo(expected);
        assertThat(answer.getSection(Section.ADDITIONAL)).as(why).hasSize(expected == Rcode.NOTAUTH ? 1 : 0);
    }
}
