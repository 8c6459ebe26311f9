package io.anycastle.proxy.coding;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes gzip (RFC 1952) with the JDK's zlib. */
final class GzipEncoder implements BodyEncoder {
    private static final int STEP_BYTES = 512;
    /** The magic number, deflate, no flags, no time, no hint, an unknown system. */
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private boolean hasBegun;

    GzipEncoder(int level) {
        deflater = new Deflater(level, true);
    }

    /** Makes ready for another body. */
    void reset() {
        deflater.reset();
        checksum.reset();
        hasBegun = false;
    }

    @Override
    public void encode(ByteBuf piece, ByteBuf to) {
        begin(to);
        for (ByteBuffer octets : piece.nioBuffers()) {
            checksum.update(octets.duplicate());
            deflater.setInput(octets);
            deflate(to, Deflater.NO_FLUSH);
        }
        piece.skipBytes(piece.readableBytes());
    }

    private void begin(ByteBuf to) {
        if (!hasBegun) {
            hasBegun = true;
            to.writeBytes(HEADER);
        }
    }

    @Override
    public void flush(ByteBuf to) {
        begin(to);
        deflate(to, Deflater.SYNC_FLUSH);
    }

    @Override
    public void finish(ByteBuf to) {
        begin(to);
        deflater.finish();
        deflate(to, Deflater.NO_FLUSH);
        to.writeIntLE((int) checksum.getValue());
        to.writeIntLE((int) deflater.getBytesRead());
    }

    /** Until there is room left in the output: only then has zlib written all that it can. */
    private void deflate(ByteBuf to, int mode) {
        ByteBuffer room;
        do {
            to.ensureWritable(STEP_BYTES);
            room = to.nioBuffer(to.writerIndex(), to.writableBytes());
            to.writerIndex(to.writerIndex() + deflater.deflate(room, mode));
        } while (!room.hasRemaining() && !deflater.finished());
    }

    @Override
    public void close() {
        deflater.end();
    }
}
