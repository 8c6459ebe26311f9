package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.OriginStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What has come of a request's body, kept so that another origin can be sent it too. Belongs to its exchange. */
final class ReplayBuffer {
    private final ReplayMemory memory;
    private @Nullable ByteBuf kept;
    private boolean isWhole = true;

    ReplayBuffer(ReplayMemory memory) {
        this.memory = memory;
    }

    /** Whether everything that came is kept. */
    boolean isWhole() {
        return isWhole;
    }

    /** Copies a piece: a slice would keep alive all of the buffer that it came in. */
    void add(ByteBuf piece) {
        if (!isWhole) {
            return;
        }
        int size = piece.readableBytes();
        ByteBuf into = kept;
        int before = into == null ? 0 : into.readableBytes();
        if (before + size > memory.bodyBytesMax() || !memory.take(size)) {
            giveUp();
            return;
        }
        if (into == null) {
            into = piece.alloc().buffer(size);
            kept = into;
        }
        into.writeBytes(piece, piece.readerIndex(), size);
    }

    /** Keeps nothing any more; any number of times. */
    void giveUp() {
        isWhole = false;
        ByteBuf left = kept;
        kept = null;
        if (left != null) {
            memory.giveBack(left.readableBytes());
            left.release();
        }
    }

    /** Sends what is kept. */
    void sendTo(OriginStream origin) {
        ByteBuf all = kept;
        if (all != null) {
            origin.write(all.retainedDuplicate());
        }
    }
}
