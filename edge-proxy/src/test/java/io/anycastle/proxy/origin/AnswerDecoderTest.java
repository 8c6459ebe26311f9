package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an origin says, and however it comes in packets, is read in one way (RFC 9112 section 6.3). */
class AnswerDecoderTest {
    private static final int TRIES = 2_000;
    private static final List<String> ANSWERS = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: y\r\n\r\n",
            "HTTP/1.0 200 OK\nX: a\n b\n\nuntil the end",
            "HTTP/1.1 304 Not Modified\r\nConnection: X, close\r\nX: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 ;a=b\r\nabc\r\n0 \n\n");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cuts_into_packets_change_nothing_of_what_is_read(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            byte[] octets = spoilt(random);
            assertThat(read(octets, random))
                    .as(new String(octets, StandardCharsets.ISO_8859_1))
                    .isEqualTo(read(octets, null));
        }
    }

    private static byte[] spoilt(Random random) {
        byte[] octets = ANSWERS.get(random.nextInt(ANSWERS.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int spots = random.nextInt(4); spots > 0; spots--) {
            byte[] odd = {0, '\r', '\n', ' ', ':', ';', ',', '0', 'f', '-', (byte) 0xFF};
            octets[random.nextInt(octets.length)] = odd[random.nextInt(odd.length)];
        }
        return octets;
    }

    /** What is told of the octets; in one packet, or in random ones. */
    private static String read(byte[] octets, Random cuts) {
        AnswerDecoder decoder = new AnswerDecoder(1024, 4096);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        decoder.expect(HttpMethod.GET);
        StringBuilder told = new StringBuilder();
        decoder.tell(interim -> told.append(interim.status()).append('\n'));
        int from = 0;
        while (from < octets.length) {
            int size = cuts == null ? octets.length : 1 + cuts.nextInt(octets.length - from);
            channel.writeInbound(Unpooled.copiedBuffer(octets, from, size));
            tell(channel, told);
            from += size;
        }
        channel.finish();
        tell(channel, told);
        return told.toString();
    }

    private static void tell(EmbeddedChannel channel, StringBuilder told) {
        for (HttpObject read = channel.readInbound(); read != null; read = channel.readInbound()) {
            if (read.decoderResult().isFailure()) {
                told.append("failed\n");
            } else if (read instanceof HttpResponse response) {
                told.append(response.status()).append(names(response)).append('\n');
            } else if (read instanceof HttpContent content) {
                told.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (read instanceof LastHttpContent) {
                told.append("\nend\n");
            }
            ReferenceCountUtil.release(read);
        }
    }

    /** Connection is left out: whether octets follow the answer is known at its end only if they came with it. */
    private static String names(HttpResponse response) {
        response.headers().remove("Connection");
        return response.headers().entries().toString();
    }
}
