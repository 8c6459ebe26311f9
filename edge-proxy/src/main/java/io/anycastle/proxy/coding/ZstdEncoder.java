package io.anycastle.proxy.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Writes Zstandard (RFC 8878), a body as one frame. */
final class ZstdEncoder implements BodyEncoder {
    private static final int STEP_BYTES = 1 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final int level;
    private final int windowLog;

    ZstdEncoder(int level, int windowLog) {
        this.level = level;
        this.windowLog = windowLog;
        reset();
    }

    /** Makes ready for another body. */
    void reset() {
        zstd.reset();
        zstd.setLevel(level).setWindowLog(windowLog);
    }

    @Override
    public void encode(ByteBuf piece, ByteBuf to) {
        if (piece.isDirect()) {
            encodeDirect(piece, to);
            return;
        }
        ByteBuf copy = to.alloc().directBuffer(piece.readableBytes()); // the library reads nothing else
        try {
            encodeDirect(copy.writeBytes(piece), to);
        } finally {
            copy.release();
        }
    }

    private void encodeDirect(ByteBuf piece, ByteBuf to) {
        for (ByteBuffer octets : piece.nioBuffers()) {
            while (octets.hasRemaining()) {
                compress(octets, to, EndDirective.CONTINUE);
            }
        }
        piece.skipBytes(piece.readableBytes());
    }

    @Override
    public void flush(ByteBuf to) {
        drain(to, EndDirective.FLUSH);
    }

    @Override
    public void finish(ByteBuf to) {
        drain(to, EndDirective.END);
    }

    private void drain(ByteBuf to, EndDirective how) {
        boolean isDone = false;
        while (!isDone) {
            isDone = compress(NOTHING.duplicate(), to, how);
        }
    }

    private boolean compress(ByteBuffer input, ByteBuf to, EndDirective how) {
        to.ensureWritable(STEP_BYTES);
        ByteBuffer room = to.nioBuffer(to.writerIndex(), to.writableBytes());
        boolean isDone = zstd.compressDirectByteBufferStream(room, input, how);
        to.writerIndex(to.writerIndex() + room.position());
        return isDone;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
