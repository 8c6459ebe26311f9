package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an origin says, and however it comes in packets, is read in one way (RFC 9112 section 6.3). */
class AnswerParserTest {
    private static final int TRIES = 2_000;
    private static final int FIELD_BYTES_MAX = 4096;
    private static final List<String> ANSWERS = List.of(
            "HTTP/1.1 200 OK|Content-Length: 5||hello",
            "HTTP/1.1 103 Hints|Link: x||HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|0|T: y||",
            "HTTP/1.0 200 OK\nX: a\n b\n\nuntil the end",
            "HTTP/1.1 304 Not Modified|Connection: X, close|X: 1||",
            "HTTP/1.1 200 OK|A: b|C : d|E: f|\tg|Content-Length: 0||",
            "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3 ;a=b|abc|0 \n\n");

    /** What is said, a bar for CR LF, and what is heard: heads with their fields, the body, the end, and whether the connection stays. */
    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("HTTP/1.1 200 OK|Content-Length: 5||hello", "200 OK|Content-Length: 5| 5/hello/end kept"),
                Arguments.of("HTTP/1.1 200|Content-Length: 0||", "200 |Content-Length: 0| 0/end kept"),
                Arguments.of("HTTP/1.1 404 |Content-Length: 0||", "404 |Content-Length: 0| 0/end kept"),
                Arguments.of("HTTP/1.1 599 Our own|Content-Length: 0||", "599 Our own|Content-Length: 0| 0/end kept"),
                Arguments.of("HTTP/1.2 200 OK|Content-Length: 0||", "200 OK|Content-Length: 0| 0/end kept"),
                Arguments.of("HTTP/1.1 204 No||", "204 No none/end kept"),
                Arguments.of("HTTP/1.1 304 No|Content-Length: 9||", "304 No|Content-Length: 9| none/end kept"),
                Arguments.of("HTTP/1.1 200 OK||abc", "200 OK unknown/abc/end"),
                Arguments.of("HTTP/1.1 200 OK||", "200 OK unknown/end"),
                Arguments.of("HTTP/1.0 200 OK|Content-Length: 1||a", "1.0 200 OK|Content-Length: 1| 1/a/end"),
                Arguments.of(
                        "HTTP/1.0 200 OK|Connection: X, Keep-Alive|Content-Length: 0||",
                        "1.0 200 OK|Connection: X, Keep-Alive|Content-Length: 0| 0/end kept"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Connection: keep-alive|Connection: CLOSE|Content-Length: 0||",
                        "200 OK|Connection: keep-alive|Connection: CLOSE|Content-Length: 0| 0/end"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Keep-Alive: timeout=5, max=100|Content-Length: 0||",
                        "200 OK|Keep-Alive: timeout=5, max=100|Content-Length: 0| 0/end kept 4.0"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Keep-Alive: max=1 , TimeOut = \"7\" |Content-Length: 0||",
                        "200 OK|Keep-Alive: max=1 , TimeOut = \"7\" |Content-Length: 0| 0/end kept 6.0"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Keep-Alive: timeout=1|Content-Length: 0||",
                        "200 OK|Keep-Alive: timeout=1|Content-Length: 0| 0/end kept 0.5"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Keep-Alive: timeout=x|Content-Length: 0||",
                        "200 OK|Keep-Alive: timeout=x|Content-Length: 0| 0/end kept"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Keep-Alive: timeout=0|Content-Length: 0||",
                        "200 OK|Keep-Alive: timeout=0|Content-Length: 0| 0/end"),
                Arguments.of(
                        "HTTP/1.1 102 P||HTTP/1.1 103 H|A: b||HTTP/1.1 200 OK|Content-Length: 2||ok",
                        "102 P/103 H|A: b|/200 OK|Content-Length: 2| 2/ok/end kept"),
                Arguments.of("HTTP/1.1 101 S|Upgrade: x||", "failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Content-Length: 2||okHTTP/1.1 200 OK",
                        "200 OK|Content-Length: 2| 2/ok/end kept/unasked"),
                // chunks
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: Chunked||3|abc|0|X-Sum: y|Z:||",
                        "200 OK|Transfer-Encoding: Chunked| unknown/abc/end|X-Sum: y|Z:| kept"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0003|abc|a|0123456789|000||",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc0123456789/end kept"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3 ;a=b|abc|0;c||",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/end kept"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3  |abc|0 ||",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/end"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc\n0||",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/end"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3\nabc|0||",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/end"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|0|X: y\n|",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/end|X: y|"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|+3|",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abcd|",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3\r\r\n",
                        "200 OK|Transfer-Encoding: chunked| unknown/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3;a\rb|",
                        "200 OK|Transfer-Encoding: chunked| unknown/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||;a|",
                        "200 OK|Transfer-Encoding: chunked| unknown/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked|||",
                        "200 OK|Transfer-Encoding: chunked| unknown/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||10000000000000003|",
                        "200 OK|Transfer-Encoding: chunked| unknown/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|0|X y: z||",
                        "200 OK|Transfer-Encoding: chunked| unknown/abc/failed"),
                Arguments.of(
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|ab",
                        "200 OK|Transfer-Encoding: chunked| unknown/ab/cut"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length: 3||ab", "200 OK|Content-Length: 3| 3/ab/cut"),
                // lines that are written anew
                Arguments.of(
                        "HTTP/1.1 200 OK\nA: b\nTransfer-Encoding: chunked\nX: y\n\n0\n\n",
                        "200 OK|A: b|Transfer-Encoding: chunked|X: y| unknown/end"),
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: 0||", "200 OK|Content-Length: 0| 0/end"),
                Arguments.of(
                        "HTTP/1.1 200 OK|W: v|X: a| b|\tc|Content-Length: 2|Y:  d ||ok",
                        "200 OK|W: v|X: a b c|Content-Length: 2|Y: d| 2/ok/end kept"),
                Arguments.of("HTTP/1.1 200 OK|X:| b|Content-Length: 0||", "200 OK|X: b|Content-Length: 0| 0/end kept"),
                Arguments.of("HTTP/1.1 200 OK|X: a| |Content-Length: 0||", "200 OK|X: a|Content-Length: 0| 0/end kept"),
                Arguments.of(
                        "HTTP/1.1 200 OK|W: v|X : a|Content-Length\t: 2|Y:z||ok",
                        "200 OK|W: v|X: a|Content-Length: 2|Y: z| 2/ok/end kept"),
                // no answers
                Arguments.of("SSH-2.0-OpenSSH_9.2||", "failed"),
                Arguments.of("HTTP/1.1 abc OK||", "failed"),
                Arguments.of("HTTP/1.1 099 OK||", "failed"),
                Arguments.of("HTTP/1.1 2000 OK||", "failed"),
                Arguments.of("HTTP/1.1  200 OK||", "failed"),
                Arguments.of("HTTP/3.7 200 OK||", "failed"),
                Arguments.of("http/1.1 200 OK||", "failed"),
                Arguments.of("HTTP/1.1 20||", "failed"),
                Arguments.of("||HTTP/1.1 200 OK||", "failed"),
                Arguments.of("HTTP/1.1 200 O\0K||", "failed"),
                Arguments.of("HTTP/1.1 200 OK| X: folded||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X: a\0b||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X: a\u007Fb||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X: a\rSet-Cookie: b||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X: a\r\r\n|", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X: a| b\0||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Xy||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|: y||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X y: z||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X\u00E4: z||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|X\u001C: z||", "failed"),
                Arguments.of("HTTP/1.1 103 H|A b||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length: 3|Content-Length: 3||abc", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length: 3, 3||abc", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length: +3||abc", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length:||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length: 1000000000000000000||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Content-Length: 3|Transfer-Encoding: chunked||3|abc|0||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||3|abc|0||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: gzip|Transfer-Encoding: chunked||0||", "failed"),
                Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: gzip||abc", "failed"),
                Arguments.of("HTTP/1.0 200 OK|Transfer-Encoding: chunked||3|abc|0||", "failed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void an_answer_is_read_as_the_table_says(String said, String heard) {
        byte[] octets = octets(said);
        assertThat(Reading.of(octets, left -> left)).isEqualTo(heard);
        assertThat(Reading.of(octets, left -> 1)).as("octet by octet").isEqualTo(heard);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cuts_into_packets_change_nothing_of_what_is_read(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            byte[] octets = spoilt(random);
            assertThat(Reading.of(octets, left -> 1 + random.nextInt(left)))
                    .as(new String(octets, StandardCharsets.ISO_8859_1))
                    .isEqualTo(Reading.of(octets, left -> left));
        }
    }

    private static byte[] spoilt(Random random) {
        byte[] octets = octets(ANSWERS.get(random.nextInt(ANSWERS.size())));
        for (int spots = random.nextInt(4); spots > 0; spots--) {
            byte[] odd = {0, '\r', '\n', ' ', ':', ';', ',', '0', 'f', '-', (byte) 0xFF};
            octets[random.nextInt(octets.length)] = odd[random.nextInt(odd.length)];
        }
        return octets;
    }

    private static byte[] octets(String said) {
        return said.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void the_limit_is_for_all_field_lines_together() {
        String line = "X: " + "a".repeat(1021);
        String head = "HTTP/1.1 200 OK|" + (line + "|").repeat(4) + "|";
        assertThat(Reading.of(octets(head), left -> left)).startsWith("200 OK");
        assertThat(Reading.of(octets("HTTP/1.1 200 OK|Y:|" + head.substring(head.indexOf('|') + 1)), left -> left))
                .isEqualTo("failed");
        String behind = "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0|" + (line + "|").repeat(5);
        assertThat(Reading.of(octets(behind), left -> left)).endsWith("failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nX: a\n"})
    void a_line_that_does_not_end_is_refused_before_all_of_it_has_come(String before) {
        String endless = before + "X".repeat(before.isEmpty() ? 16 * 1024 + 2 : FIELD_BYTES_MAX + 2);
        assertThat(Reading.of(octets(endless), left -> left)).isEqualTo("failed");
    }

    @Test
    void a_body_goes_on_in_the_buffer_that_it_came_in() {
        Reading reading = new Reading();
        reading.take(Unpooled.copiedBuffer(octets("HTTP/1.1 200 OK|Content-Length: 6||")));
        ByteBuf body = Unpooled.copiedBuffer(octets("foobar"));
        reading.take(body);
        assertThat(reading.last).isSameAs(body);
    }

    /** An answer to GET that is read, and what is told of it. */
    private static final class Reading implements AnswerParser.Sink {
        private final AnswerParser reader = new AnswerParser(this, new AnswerShelf(FIELD_BYTES_MAX));
        private final StringBuilder told = new StringBuilder();
        private boolean isBody;
        private boolean isOver;
        private boolean isPassedOn;
        private @Nullable ByteBuf last;

        Reading() {
            reader.expect(false, false);
        }

        /** What is told of octets that come in packets of these sizes and end behind the last. */
        static String of(byte[] octets, ToIntFunction<Integer> sizes) {
            Reading reading = new Reading();
            for (int from = 0; from < octets.length && !reading.isOver; ) {
                int size = sizes.applyAsInt(octets.length - from);
                reading.take(Unpooled.copiedBuffer(octets, from, size));
                from += size;
            }
            reading.end();
            return reading.told.substring(1);
        }

        void take(ByteBuf packet) {
            isPassedOn = false;
            try {
                reader.read(packet);
            } catch (InvalidAnswerException e) {
                tell("failed");
                isOver = true;
            }
            if (!isPassedOn) {
                if (packet.isReadable() && !isOver) {
                    tell("unasked");
                    isOver = true;
                }
                packet.release();
            }
            assertThat(packet.refCnt()).isZero();
        }

        private void end() {
            if (isOver || !reader.isExpecting()) {
                return;
            }
            if (reader.endWithInput()) {
                reader.read(Unpooled.EMPTY_BUFFER);
            } else {
                tell("cut");
            }
        }

        private void tell(String what) {
            told.append('/').append(what);
            isBody = false;
        }

        @Override
        public boolean isStopped() {
            return isOver;
        }

        @Override
        public void interim(ResponseHead head) {
            tell(head(head));
        }

        @Override
        public void answered(ResponseHead head, long length) {
            tell(head(head) + ' ' + Asking.lengthText(length));
        }

        private static String head(ResponseHead head) {
            return Asking.text(head).replaceFirst("^HTTP/(1\\.1 )?", "");
        }

        @Override
        public void body(ByteBuf piece, boolean isWholeBuffer) {
            if (!isBody) {
                tell("");
                isBody = true;
            }
            told.append(piece.toString(StandardCharsets.ISO_8859_1));
            isPassedOn = isWholeBuffer;
            last = piece;
            piece.release();
        }

        @Override
        public void ended(@Nullable Fields trailers) {
            long nanos = reader.keptNanos();
            String seconds = nanos < Long.MAX_VALUE ? " " + nanos / 1e9 : "";
            tell("end" + (trailers == null ? "" : Asking.text(trailers))
                    + (reader.isReusable() ? " kept" + seconds : ""));
        }
    }
}
