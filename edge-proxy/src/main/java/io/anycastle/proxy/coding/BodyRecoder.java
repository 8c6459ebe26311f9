package io.anycastle.proxy.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.compression.BrotliDecompressor;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Decompressor;
import io.netty.handler.codec.compression.JdkZlibDecompressor;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of one answer out of its origin's coding, puts it into the client's, or both: in steps, each of which makes at most
 * {@link #STEP_BYTES} of plain text. Belongs to its event loop.
 */
public final class BodyRecoder {
    private static final int STEP_BYTES = 64 << 10;
    private static final int OUTPUT_BYTES_MIN = 512;

    private final CompressionConfig config;
    private final EncoderPool encoders;
    private final @Nullable BodyEncoder encoder;
    private final @Nullable Decompressor decoder;
    /** What has come and is not looked at yet. */
    private final Deque<ByteBuf> input = new ArrayDeque<>(2);

    private long read;
    private long decoded;
    private boolean isUnflushed;
    private boolean isClosed;

    private BodyRecoder(
            EncoderPool encoders,
            CompressionConfig config,
            @Nullable BodyEncoder encoder,
            @Nullable Decompressor decoder) {
        this.encoders = encoders;
        this.config = config;
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /** Begins a body, which is closed in the end, whatever happens to it. */
    public static BodyRecoder of(EncoderPool encoders, CompressionConfig config, CodingPlan plan) {
        BodyEncoder encoder = plan.encoded() == null ? null : encoders.take(plan.encoded());
        try {
            return new BodyRecoder(encoders, config, encoder, plan.decoded() == null ? null : decoder(plan.decoded()));
        } catch (IllegalStateException e) {
            if (encoder != null) {
                encoders.giveBack(encoder);
            }
            throw e;
        }
    }

    private static Decompressor decoder(ContentCoding coding) {
        try {
            ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
            return coding == ContentCoding.GZIP
                    ? JdkZlibDecompressor.builder()
                            .wrapper(ZlibWrapper.GZIP)
                            .decompressConcatenated(true)
                            .maxAllocation(STEP_BYTES)
                            .build(allocator)
                    : BrotliDecompressor.builder()
                            .inputBufferSize(STEP_BYTES / 4)
                            .maxOutputChunkSize(STEP_BYTES)
                            .build(allocator);
        } catch (DecompressionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes a piece of the body as the origin sent it. */
    public void add(ByteBuf piece) {
        if (isClosed || !piece.isReadable()) {
            piece.release();
        } else {
            read += piece.readableBytes();
            input.addLast(piece);
        }
    }

    /** Whether {@link #next} has something to do. */
    public boolean isDue() throws BadCodingException {
        try {
            return !isClosed
                    && (!input.isEmpty() || (decoder != null && decoder.status() == Decompressor.Status.NEED_OUTPUT));
        } catch (DecompressionException e) {
            throw new BadCodingException(String.valueOf(e.getMessage()));
        }
    }

    /** Does one step; what it makes for the client, which may be nothing yet, is the caller's to release. */
    public ByteBuf next() throws BadCodingException {
        ByteBuf plain = decoder == null ? taken() : decoded(decoder);
        if (encoder == null || !plain.isReadable()) {
            return plain;
        }
        ByteBuf output = output(plain.readableBytes() / 4);
        try {
            encoder.encode(plain, output);
            isUnflushed = true;
            return output.retain();
        } finally {
            output.release();
            plain.release();
        }
    }

    private static ByteBuf output(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(Math.max(OUTPUT_BYTES_MIN, bytes));
    }

    private ByteBuf taken() {
        ByteBuf first = input.getFirst();
        if (first.readableBytes() > STEP_BYTES) {
            return first.readRetainedSlice(STEP_BYTES);
        }
        return input.removeFirst();
    }

    /** The next piece of plain text, or nothing where more of the coded is needed first. */
    private ByteBuf decoded(Decompressor from) throws BadCodingException {
        try {
            if (from.status() == Decompressor.Status.NEED_INPUT && !input.isEmpty()) {
                from.addInput(input.removeFirst());
            }
            if (from.status() == Decompressor.Status.NEED_OUTPUT) {
                ByteBuf plain = from.takeOutput();
                decoded += plain.readableBytes();
                return isBomb() ? refused(plain) : plain;
            }
            if (from.status() == Decompressor.Status.COMPLETE && !input.isEmpty()) {
                throw new BadCodingException("something follows the end of the coding");
            }
            return ByteBufAllocator.DEFAULT.directBuffer(0);
        } catch (DecompressionException e) {
            throw new BadCodingException(String.valueOf(e.getMessage()));
        }
    }

    private boolean isBomb() {
        return decoded > config.inflateFreeBytes() && decoded / config.inflateRatioMax() > read;
    }

    private ByteBuf refused(ByteBuf plain) throws BadCodingException {
        plain.release();
        throw new BadCodingException(read + " octets have grown to " + decoded);
    }

    /** What the client can have of what has come so far. */
    public ByteBuf flush() {
        ByteBuf output = output(0);
        if (encoder != null && isUnflushed && !isClosed) {
            isUnflushed = false;
            encoder.flush(output);
        }
        return output;
    }

    /** The end of the body; after everything that was due. */
    public ByteBuf finish() throws BadCodingException {
        ByteBuf output = output(0);
        if (isClosed) {
            return output;
        }
        try {
            if (decoder != null && read > 0 && decoder.status() != Decompressor.Status.COMPLETE) {
                decoder.endOfInput();
            }
        } catch (DecompressionException e) {
            output.release();
            throw new BadCodingException(String.valueOf(e.getMessage()));
        }
        if (encoder != null) {
            encoder.finish(output);
        }
        return output;
    }

    /** Frees everything; nothing is asked for any more. */
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        input.forEach(ByteBuf::release);
        input.clear();
        if (encoder != null) {
            encoders.giveBack(encoder);
        }
        if (decoder != null) {
            try {
                decoder.close();
            } catch (DecompressionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
