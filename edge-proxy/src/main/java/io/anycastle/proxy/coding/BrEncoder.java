package io.anycastle.proxy.coding;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Writes brotli (RFC 7932). */
final class BrEncoder implements BodyEncoder {
    private static final int INPUT_BYTES = 16 << 10;

    private final EncoderJNI.Wrapper brotli;

    /** @param windowLog 10 to 24 */
    BrEncoder(int level, int windowLog) {
        try {
            brotli = new EncoderJNI.Wrapper(INPUT_BYTES, level, windowLog, Mode.GENERIC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void encode(ByteBuf piece, ByteBuf to) {
        while (piece.isReadable()) {
            ByteBuffer input = brotli.getInputBuffer();
            int size = Math.min(piece.readableBytes(), input.capacity());
            input.clear().limit(size);
            piece.readBytes(input);
            push(Operation.PROCESS, size, to);
        }
    }

    @Override
    public void flush(ByteBuf to) {
        push(Operation.FLUSH, 0, to);
    }

    @Override
    public void finish(ByteBuf to) {
        push(Operation.FINISH, 0, to);
    }

    private void push(Operation operation, int size, ByteBuf to) {
        brotli.push(operation, size);
        while (true) {
            if (!brotli.isSuccess()) {
                throw new IllegalStateException("brotli cannot encode");
            }
            if (brotli.hasMoreOutput()) {
                to.writeBytes(brotli.pull());
            } else if (brotli.hasRemainingInput()) {
                brotli.push(operation, 0);
            } else {
                return;
            }
        }
    }

    @Override
    public void close() {
        brotli.destroy();
    }
}
