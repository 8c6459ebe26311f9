package io.anycastle.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What is to be encrypted, in order, and who waits until it is sent. Belongs to its event loop. */
final class PlainOutput {
    private record Piece(ByteBuf octets, ChannelPromise promise) {}

    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private List<ChannelPromise> taken = new ArrayList<>();
    private long octets;

    void add(ByteBuf piece, ChannelPromise promise) {
        pieces.addLast(new Piece(piece, promise));
        octets += piece.readableBytes();
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    long octets() {
        return octets;
    }

    /** The piece that is next; there must be one. */
    ByteBuf next() {
        return pieces.element().octets;
    }

    /** So many octets of the next piece have been taken, of which there must be so many. */
    void take(int count) {
        ByteBuf first = next();
        first.skipBytes(count);
        octets -= count;
        if (!first.isReadable()) {
            leaveNext();
        }
    }

    /** Moves what fits into the buffer. */
    void gather(ByteBuf into) {
        while (!pieces.isEmpty() && into.isWritable()) {
            ByteBuf first = next();
            int count = Math.min(first.readableBytes(), into.writableBytes());
            into.writeBytes(first, count);
            octets -= count;
            if (first.isReadable()) {
                return;
            }
            leaveNext();
        }
    }

    private void leaveNext() {
        Piece left = pieces.remove();
        left.octets.release();
        if (!left.promise.isVoid()) {
            taken.add(left.promise);
        }
    }

    /** Tells those whose pieces have been taken whole since the last call, when the future is done. */
    void tell(ChannelFuture sent) {
        if (taken.isEmpty()) {
            return;
        }
        List<ChannelPromise> waiting = taken;
        taken = new ArrayList<>();
        sent.addListener(done -> {
            for (ChannelPromise promise : waiting) {
                if (done.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(done.cause());
                }
            }
        });
    }

    /** Whether somebody waits for what has been taken. */
    boolean isAwaited() {
        return !taken.isEmpty();
    }

    /** Drops everything. */
    void fail(Throwable failure) {
        for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.octets.release();
            piece.promise.tryFailure(failure);
        }
        taken.forEach(promise -> promise.tryFailure(failure));
        taken.clear();
        octets = 0;
    }
}
