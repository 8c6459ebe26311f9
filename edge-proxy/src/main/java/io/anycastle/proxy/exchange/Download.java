package io.anycastle.proxy.exchange;

import io.anycastle.proxy.coding.BadCodingException;
import io.anycastle.proxy.coding.BodyRecoder;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.OriginStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The way of an answer's body from its origin to the client, into another coding where the client gets one: no faster than the client takes
 * it, and in so small steps that other exchanges have their turn. Belongs to its exchange.
 */
final class Download extends Flow {
    /** Steps of recoding without looking at other sockets. */
    private static final int STEPS_MAX = 4;

    /** Whose download it is. */
    interface Owner {
        /** The body is not what its head says, or no client is to get it. */
        void recodingFailed(Exception failure);
    }

    private final ClientStream client;
    private final Owner owner;

    private @Nullable BodyRecoder recoder;
    private boolean isPrompt;
    private boolean isPaused;

    Download(ClientStream client, Owner owner) {
        this.client = client;
        this.owner = owner;
    }

    /**
     * The body goes through that from here on.
     *
     * @param isPrompt whether the client gets at once what has come so far, for which the coding gets longer
     */
    void recodes(BodyRecoder by, boolean isPrompt) {
        recoder = by;
        this.isPrompt = isPrompt;
    }

    /** Takes a piece as the origin sent it. */
    void take(ByteBuf piece, OriginStream from) {
        moved();
        BodyRecoder through = recoder;
        if (through != null) {
            through.add(piece);
            recode(through, from);
            return;
        }
        client.write(piece);
        if (isFull()) {
            hold(from);
        }
    }

    private boolean isFull() {
        if (client.isWritable()) {
            return false;
        }
        client.flush();
        return !client.isWritable();
    }

    private void hold(OriginStream from) {
        block();
        pause(from);
    }

    private void pause(OriginStream from) {
        isPaused = true;
        from.pause();
    }

    private void recode(BodyRecoder through, OriginStream from) {
        try {
            for (int step = 0; through.isDue(); step++) {
                if (isFull()) {
                    hold(from);
                    return;
                }
                if (step == STEPS_MAX) {
                    pause(from);
                    from.afterLook(() -> recodeOn(through, from));
                    return;
                }
                client.write(through.next());
            }
        } catch (BadCodingException | RuntimeException e) {
            owner.recodingFailed(e);
            return;
        }
        if (isPaused) {
            flush();
            isPaused = false;
            from.resume();
        }
    }

    private void recodeOn(BodyRecoder through, OriginStream from) {
        if (through.equals(recoder) && !isBlocked()) {
            recode(through, from);
        }
    }

    /** The client takes more again. */
    void goesOn(OriginStream from) {
        if (!isBlocked()) {
            return;
        }
        unblock();
        BodyRecoder through = recoder;
        if (through != null) {
            recode(through, from);
        } else {
            isPaused = false;
            from.resume();
        }
    }

    /** Sends what has come so far: an event, say, that waits for no other. */
    void flush() {
        BodyRecoder through = recoder;
        if (through != null && isPrompt && !isBlocked()) {
            try {
                client.write(through.flush());
            } catch (RuntimeException e) {
                owner.recodingFailed(e);
                return;
            }
        }
        client.flush();
    }

    /** Writes the rest behind the body's end; whether it is whole. */
    boolean finish() {
        end();
        BodyRecoder through = recoder;
        if (through == null) {
            return true;
        }
        try {
            while (through.isDue()) {
                client.write(through.next());
            }
            client.write(through.finish());
        } catch (BadCodingException | RuntimeException e) {
            owner.recodingFailed(e);
            return false;
        }
        close();
        return true;
    }

    /** Nothing more comes; any number of times. */
    void close() {
        BodyRecoder through = recoder;
        recoder = null;
        if (through != null) {
            through.close();
        }
    }
}
