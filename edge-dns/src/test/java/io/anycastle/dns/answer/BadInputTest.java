package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.ZoneText;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** RFC 1035 section 4.1, RFC 6891, RFC 6895, RFC 9619: every operation and class, and messages that break the format in all ways. */
class BadInputTest {
    private static final String SILENCE = "silence";

    /** {@code example.com A}, the class left open. */
    private static final String NAME_AND_TYPE = "076578616d706c6503636f6d00" + "0001";

    private final Asking edge = new Asking(ZoneText.active("example.com", "@ 300 A 192.0.2.1"));

    static Stream<Arguments> operations() {
        return IntStream.range(0, 16).mapToObj(code -> Arguments.of(code, code == 0 ? "NOERROR" : "NOTIMP"));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void an_operation_other_than_query_is_not_implemented(int opcode, String expected) throws IOException {
        String flags = "%04x".formatted(opcode << 11);
        assertThat(code("1234" + flags + "0001000000000000" + NAME_AND_TYPE + "0001"))
                .isEqualTo(expected);
        assertThat(code("1234" + flags + "0000000000000000")).isEqualTo(opcode == 0 ? "FORMERR" : "NOTIMP");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void an_answer_is_never_answered_whatever_its_operation(int opcode, String ignored) throws IOException {
        String flags = "%04x".formatted(0x8000 | opcode << 11);
        assertThat(code("1234" + flags + "0001000000000000" + NAME_AND_TYPE + "0001"))
                .isEqualTo(SILENCE);
    }

    @ParameterizedTest
    @CsvSource({"0000", "0002", "0003", "0004", "0005", "00fe", "00ff", "0100", "fffe", "ffff"})
    void a_class_other_than_in_is_refused(String queryClass) throws IOException {
        assertThat(code("123400000001000000000000" + NAME_AND_TYPE + queryClass))
                .isEqualTo("REFUSED");
    }

    /** What follows {@code 1234 0000}: counts, then the rest; {@code Q} is a good question, {@code O} a good OPT record up to its length. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        # counts
        0001000000000000, Q,                                        NOERROR
        0000000000000000, '',                                       FORMERR
        0002000000000000, QQ,                                       FORMERR
        ffff000000000000, Q,                                        FORMERR
        0001ffff00000000, Q,                                        FORMERR
        00010000ffff0000, Q,                                        FORMERR
        000100000000ffff, Q,                                        FORMERR
        0001000000000001, Q,                                        FORMERR
        ffffffffffffffff, '',                                       FORMERR
        # names
        0001000000000000, c00c00010001,                             FORMERR
        0001000000000000, 01c00c00010001,                           FORMERR
        0001000000000000, ffff00010001,                             FORMERR
        0001000000000000, 8000010001,                               FORMERR
        0001000000000000, 4000010001,                               FORMERR
        0001000000000000, 3f61,                                     FORMERR
        0001000000000000, 0161,                                     FORMERR
        0001000000000000, 00,                                       FORMERR
        0001000000000000, 0000010001,                               REFUSED
        # records behind the question
        0001000000000001, Qc01d00010001000000000000,                FORMERR
        0001000000000001, Qc0ff00010001000000000000,                FORMERR
        0001000000000001, Qc00c00010001000000000004c0000201,        NOERROR
        0001000000000001, Qc00c00010001000000000005c0000201,        FORMERR
        0001000000000001, Qc00c0001000100000000ffff,                FORMERR
        0001000000000001, Qc0,                                      FORMERR
        0001000000000000, Q00,                                      FORMERR
        0001000000000001, QO000000,                                 FORMERR
        # EDNS
        0001000000000001, QO0000,                                   NOERROR
        0001000000000002, QO0000O0000,                              FORMERR
        0001000000010000, QO0000,                                   FORMERR
        0001000000000001, QO000400030000,                           NOERROR
        0001000000000001, QO0004000a0000,                           FORMERR
        0001000000000001, QO0003000300,                             FORMERR
        0001000000000001, QO000400030001,                           FORMERR
        0001000000000001, QO0004ffffffff,                           FORMERR
        0001000000000001, QOffff,                                   FORMERR
        0001000000000001, QO0006fde900020000,                       NOERROR
        0001000000000001, Q01610000290200000000000000,              FORMERR
        0001000000000001, Q0000290200000100000000,                  BADVERS
        0001000000000001, Q0000290200ffff00000000,                  BADVERS
        """)
    void a_broken_message_gets_its_code(String counts, String rest, String expected) throws IOException {
        String hex = "12340000" + counts
                + rest.replace("Q", NAME_AND_TYPE + "0001").replace("O", "000029" + "0200" + "00000000");
        assertThat(code(hex)).isEqualTo(expected);
    }

    private String code(String hex) throws IOException {
        byte[] answer = edge.raw(HexFormat.of().parseHex(hex), Transport.UDP);
        if (answer.length == 0) {
            return SILENCE;
        }
        Message parsed = new Message(answer);
        assertThat(parsed.getHeader().getID()).isEqualTo(0x1234);
        return Rcode.string(parsed.getRcode());
    }
}
