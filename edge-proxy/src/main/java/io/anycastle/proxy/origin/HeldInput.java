package io.anycastle.proxy.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What an origin says, given on in its order and no faster than it is taken: octets, and its end behind them, be that polite or a
 * failure. Belongs to one connection and its event loop.
 */
final class HeldInput {
    /** Who takes it, and may pause or stop it at any time. */
    interface Taker {
        /** Whether there is something to tell without another octet. */
        boolean isDue();

        /** Takes octets; those that are left unread are given again, unless {@link #passOn} tells that the buffer is another's. */
        void take(ByteBuf octets);

        /**
         * Takes the end.
         *
         * @param failure null for a polite one
         */
        void takeEnd(@Nullable Throwable failure);
    }

    private final Channel channel;
    private final Taker taker;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(4);
    /** What is being taken. */
    private @Nullable ByteBuf current;

    private boolean isPaused;
    private boolean isStopped;
    private boolean isGiving;
    private boolean hasEnded;
    private boolean isEndTaken;
    private @Nullable Throwable failure;

    HeldInput(Channel channel, Taker taker) {
        this.channel = channel;
        this.taker = taker;
    }

    void add(ByteBuf octets) {
        if (isStopped) {
            octets.release();
        } else {
            held.addLast(octets);
            give();
        }
    }

    /** Nothing comes any more. */
    void end(@Nullable Throwable why) {
        if (!hasEnded) {
            hasEnded = true;
            failure = why;
            give();
        }
    }

    /** Whether nothing comes any more; there may be something to take. */
    boolean hasEnded() {
        return hasEnded;
    }

    boolean isEndTaken() {
        return isEndTaken;
    }

    /** Whether nothing is to be given for now. */
    boolean isHeld() {
        return isPaused || isStopped;
    }

    /** The buffer that is being taken is another's now. */
    void passOn() {
        current = null;
    }

    /** Gives what there is, as far as it is taken. */
    private void give() {
        if (isGiving) {
            return; // who gives goes on
        }
        isGiving = true;
        try {
            while (!isHeld() && (taker.isDue() || !held.isEmpty())) {
                give(held.isEmpty() ? Unpooled.EMPTY_BUFFER : held.removeFirst());
            }
        } finally {
            isGiving = false;
        }
        if (hasEnded && !isEndTaken && !isHeld()) {
            isEndTaken = true;
            taker.takeEnd(failure);
        }
    }

    private void give(ByteBuf octets) {
        current = octets;
        try {
            taker.take(octets);
        } finally {
            ByteBuf rest = current;
            current = null;
            if (rest != null && rest.isReadable() && !isStopped) {
                held.addFirst(rest);
            } else if (rest != null) {
                rest.release();
            }
        }
    }

    void pause() {
        isPaused = true;
        if (!isStopped) {
            channel.config().setAutoRead(false);
        }
    }

    /** Gives what is held, then reads on; whether something was held. */
    boolean resume() {
        boolean wasHeld = isPaused && !held.isEmpty();
        isPaused = false;
        give();
        if (!isHeld() && channel.isActive() && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
        return wasHeld;
    }

    /** Gives nothing any more. */
    void stop() {
        isStopped = true;
        for (ByteBuf octets = held.pollFirst(); octets != null; octets = held.pollFirst()) {
            octets.release();
        }
    }
}
