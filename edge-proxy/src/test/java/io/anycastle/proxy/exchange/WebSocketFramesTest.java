package io.anycastle.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where messages end (RFC 6455 section 5.2). */
class WebSocketFramesTest {
    private static ByteBuf octets(String header, int payload) {
        return Unpooled.buffer().writeBytes(ByteBufUtil.decodeHexDump(header)).writeZero(payload);
    }

    @ParameterizedTest
    @CsvSource({
        "8105, 5",
        "8200, 0",
        "c17d, 125",
        "817e0080, 128",
        "827f0000000000010000, 65536",
        "8185aabbccdd, 5",
        "81fe0100aabbccdd, 256",
        "81ff0000000000000100aabbccdd, 256",
        "8902, 2"
    })
    void a_message_ends_with_its_last_octet_however_it_is_read(String header, int payload) {
        ByteBuf whole = octets(header, payload);
        int size = whole.readableBytes();
        WebSocketFrames frames = new WebSocketFrames();
        for (int at = 0; at < size; at++) {
            frames.pass(whole.slice(at, 1));
            assertThat(frames.isBetweenMessages()).as("behind octet %s", at).isEqualTo(at == size - 1);
        }
        assertThat(frames.hasClose()).isFalse();
        ByteBuf two = Unpooled.wrappedBuffer(whole.slice(), whole.slice());
        assertThat(new WebSocketFrames().passToEnd(two)).isEqualTo(size);
        assertThat(new WebSocketFrames().passToEnd(two.slice(0, size - 1))).isEqualTo(size - 1);
    }

    @Test
    void a_message_of_several_frames_is_open_between_them_whatever_control_frame_comes_there() {
        WebSocketFrames frames = new WebSocketFrames();
        for (String frame : new String[] {"010161", "8900", "000162", "8a00"}) {
            frames.pass(octets(frame, 0));
            assertThat(frames.isBetweenMessages()).as(frame).isFalse();
        }
        assertThat(frames.passToEnd(octets("8001638100", 0))).isEqualTo(3);
        assertThat(frames.isBetweenMessages()).isTrue();
    }

    @Test
    void a_close_frame_is_known_by_its_header() {
        WebSocketFrames frames = new WebSocketFrames();
        frames.pass(octets("8802", 0));
        assertThat(frames.hasClose()).isTrue();
        assertThat(frames.isBetweenMessages()).isFalse();
        frames.pass(octets("03e8", 0));
        assertThat(frames.isBetweenMessages()).isTrue();
    }

    @Test
    void behind_a_length_that_cannot_be_no_message_ends() {
        WebSocketFrames frames = new WebSocketFrames();
        frames.pass(octets("82ffffffffffffffffff00000000", 100));
        assertThat(frames.isBetweenMessages()).isFalse();
    }
}
