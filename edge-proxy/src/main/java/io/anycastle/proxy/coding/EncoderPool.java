package io.anycastle.proxy.coding;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The encoders of one event loop, to which it belongs: so many may be at work at a time, and a few that have done theirs are kept, since
 * making one costs more than a small body.
 */
public final class EncoderPool {
    private static final int KEPT_MAX = 8;

    private final CompressionConfig config;
    private final Deque<GzipEncoder> gzip = new ArrayDeque<>(KEPT_MAX);
    private final Deque<ZstdEncoder> zstd = new ArrayDeque<>(KEPT_MAX);
    private int taken;
    private boolean isClosed;

    public EncoderPool(CompressionConfig config) {
        this.config = config;
    }

    /** Whether as many are at work as may be. */
    public boolean isExhausted() {
        return taken >= config.encodersMax();
    }

    /** How many are at work. */
    public int taken() {
        return taken;
    }

    /** An encoder that is ready; {@link #giveBack} takes it again. */
    BodyEncoder take(ContentCoding coding) {
        BodyEncoder encoder = switch (coding) {
            case GZIP -> ready(gzip.pollFirst());
            case BR -> new BrEncoder(config.brLevel(), config.windowLog());
            case ZSTD -> ready(zstd.pollFirst());
        };
        taken++;
        return encoder;
    }

    private GzipEncoder ready(@Nullable GzipEncoder kept) {
        return kept == null ? new GzipEncoder(config.gzipLevel()) : kept;
    }

    private ZstdEncoder ready(@Nullable ZstdEncoder kept) {
        return kept == null ? new ZstdEncoder(config.zstdLevel(), config.windowLog()) : kept;
    }

    void giveBack(BodyEncoder encoder) {
        taken--;
        if (isClosed) {
            encoder.close();
            return;
        }
        switch (encoder) {
            case GzipEncoder done
            when gzip.size() < KEPT_MAX -> {
                done.reset();
                gzip.addFirst(done);
            }
            case ZstdEncoder done
            when zstd.size() < KEPT_MAX -> {
                done.reset();
                zstd.addFirst(done);
            }
            default -> encoder.close();
        }
    }

    /** Frees what is kept, and later what is still at work. */
    public void close() {
        isClosed = true;
        gzip.forEach(GzipEncoder::close);
        gzip.clear();
        zstd.forEach(ZstdEncoder::close);
        zstd.clear();
    }
}
