package io.anycastle.proxy.listen;

import io.netty.buffer.ByteBuf;

/**
 * Walks over what the other side of HTTP/2 sends, ahead of the codec, to know since when a head has been coming that has not ended: the codec
 * waits for its last frame for ever (RFC 9113 section 6.10). Belongs to the connection.
 */
public final class HeaderBlockWatch {
    private static final int PREFACE_BYTES = 24;
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    /** Octets that need not be looked at before the next frame. */
    private int skipped;

    private int headRead;
    private int length;
    private int type;
    private int flags;
    private boolean isOpen;
    private long sinceNanos;

    private HeaderBlockWatch(int skipped) {
        this.skipped = skipped;
    }

    /** Of what a client sends, which begins with its preface. */
    static HeaderBlockWatch ofClient() {
        return new HeaderBlockWatch(PREFACE_BYTES);
    }

    /** Of what a server sends. */
    public static HeaderBlockWatch ofServer() {
        return new HeaderBlockWatch(0);
    }

    /** Looks at the octets, which are left as they are. */
    public void look(ByteBuf octets, long nowNanos) {
        int end = octets.writerIndex();
        for (int at = octets.readerIndex(); at < end; ) {
            if (skipped > 0) {
                int step = Math.min(skipped, end - at);
                skipped -= step;
                at += step;
            } else {
                head(octets.getUnsignedByte(at++), nowNanos);
            }
            if (skipped == 0 && headRead == FRAME_HEAD_BYTES) {
                frameEnds();
            }
        }
    }

    private void head(int octet, long nowNanos) {
        if (headRead < LENGTH_BYTES) {
            length = length << Byte.SIZE | octet;
        } else if (headRead == LENGTH_BYTES) {
            type = octet;
            if (type == HEADERS && !isOpen) {
                isOpen = true;
                sinceNanos = nowNanos;
            }
        } else if (headRead == LENGTH_BYTES + 1) {
            flags = octet;
        }
        if (++headRead == FRAME_HEAD_BYTES) {
            skipped = length;
        }
    }

    private void frameEnds() {
        headRead = 0;
        length = 0;
        if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
            isOpen = false;
        }
    }

    /** Whether a head has been coming for longer than that. */
    public boolean isOpenFor(long nanos, long nowNanos) {
        return isOpen && nowNanos - sinceNanos > nanos;
    }
}
