package io.anycastle.proxy.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many encoders are at work, whatever becomes of the bodies; and that one which was used before writes as a new one does. */
class BodyRecoderTest {
    private static final CompressionConfig CONFIG = CompressionConfig.DEFAULTS;

    @BeforeAll
    static void load() {
        NativeCodings.load();
    }

    private final EncoderPool pool = new EncoderPool(CONFIG);

    private BodyRecoder recoder(@Nullable ContentCoding from, ContentCoding to) {
        return BodyRecoder.of(pool, CONFIG, new CodingPlan(from, to, true));
    }

    private static ByteBuf octets(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static byte[] taken(ByteBuf output) {
        byte[] octets = ByteBufUtil.getBytes(output);
        output.release();
        return octets;
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void an_encoder_is_given_back_once(ContentCoding coding) throws Exception {
        BodyRecoder one = recoder(null, coding);
        BodyRecoder two = recoder(ContentCoding.GZIP, coding);
        assertThat(pool.taken()).isEqualTo(2);
        one.add(octets("one"));
        taken(one.next());
        one.close();
        one.close();
        assertThat(pool.taken()).isEqualTo(1);
        two.close();
        assertThat(pool.taken()).isZero();
        pool.close();
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void what_is_closed_writes_nothing_more(ContentCoding coding) throws Exception {
        BodyRecoder closed = recoder(null, coding);
        closed.add(octets("one"));
        closed.close();
        ByteBuf late = octets("two");
        closed.add(late);
        assertThat(late.refCnt()).isZero();
        assertThat(closed.isDue()).isFalse();
        assertThat(taken(closed.flush())).isEmpty();
        assertThat(taken(closed.finish())).isEmpty();
        pool.close();
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void an_encoder_at_work_outlives_its_pool(ContentCoding coding) throws Exception {
        BodyRecoder last = recoder(null, coding);
        pool.close();
        last.add(octets("last"));
        taken(last.next());
        assertThat(taken(last.finish())).isNotEmpty();
        last.close();
        assertThat(pool.taken()).isZero();
    }

    @Test
    void an_encoder_whose_body_was_left_begins_anew() throws Exception {
        for (int i = 0; i < 3; i++) {
            BodyRecoder left = recoder(null, ContentCoding.GZIP);
            left.add(octets("left".repeat(1000)));
            taken(left.next());
            left.close();
        }
        BodyRecoder next = recoder(null, ContentCoding.GZIP);
        next.add(octets("next"));
        byte[] first = taken(next.next());
        byte[] coded = taken(Unpooled.wrappedBuffer(first, taken(next.finish())));
        assertThat(new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("next");
        next.close();
        pool.close();
    }

    @Test
    void a_body_in_no_such_coding_is_refused_and_its_encoder_given_back() {
        BodyRecoder bad = recoder(ContentCoding.GZIP, ContentCoding.BR);
        bad.add(octets("this is no gzip at all"));
        assertThatThrownBy(() -> {
                    while (bad.isDue()) {
                        taken(bad.next());
                    }
                })
                .isInstanceOf(BadCodingException.class);
        bad.close();
        assertThat(pool.taken()).isZero();
        pool.close();
    }
}
