package io.anycastle.proxy.coding;

import io.netty.buffer.ByteBuf;

/** Puts the body of one answer into a coding, piece by piece. Belongs to its event loop; frees native memory when it is closed. */
interface BodyEncoder {
    /** Reads all of the piece; writes what is ready. */
    void encode(ByteBuf piece, ByteBuf to);

    /** Writes everything that was read so far, so that the client can decode it. */
    void flush(ByteBuf to);

    /** Writes the rest and the end. */
    void finish(ByteBuf to);

    void close();
}
