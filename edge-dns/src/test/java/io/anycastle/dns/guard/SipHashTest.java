package io.anycastle.dns.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference vectors of SipHash-2-4: key and message are 0, 1, 2 and so on. */
class SipHashTest {
    @ParameterizedTest
    @CsvSource({"0, 726fdb47dd0e0e31", "15, a129ca6149be45e5", "63, 958a324ceb064572"})
    void the_reference_vectors_come_out(int length, String expected) {
        ByteBuffer message = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            message.put(i, (byte) i);
        }
        SipHash hash = new SipHash();
        hash.begin(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        for (int i = 0; i < length / 8; i++) {
            hash.word(message.getLong());
        }
        assertThat(hash.finish(message.getLong(), length)).isEqualTo(Long.parseUnsignedLong(expected, 16));
    }
}
