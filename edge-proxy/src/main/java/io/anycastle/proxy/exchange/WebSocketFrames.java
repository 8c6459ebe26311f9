package io.anycastle.proxy.exchange;

import io.netty.buffer.ByteBuf;

/**
 * Where the messages of one direction of a WebSocket end (RFC 6455 section 5.2). Looks at the headers of frames alone, whatever extensions
 * make of their payloads. Belongs to its exchange.
 */
final class WebSocketFrames {
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 8;

    private int first;
    private int headerSeen;
    private int headerSize;
    private int lengthSize;
    /** Octets of the payload: of the header that is read, then those still to come. */
    private long length;

    private boolean isMessageOpen;
    private boolean hasClose;

    /** Goes by the piece, of which nothing is taken. */
    void pass(ByteBuf piece) {
        scan(piece, false);
    }

    /**
     * Goes by the piece up to where a message ends first, or by all of it.
     *
     * @return how many octets that are
     */
    int passToEnd(ByteBuf piece) {
        return scan(piece, true);
    }

    /** Whether a control frame may follow here that ends the direction and cuts no message. */
    boolean isBetweenMessages() {
        return headerSeen == 0 && length == 0 && !isMessageOpen;
    }

    /** Whether the direction's Close frame has passed, or has begun to. */
    boolean hasClose() {
        return hasClose;
    }

    private int scan(ByteBuf piece, boolean stops) {
        int begin = piece.readerIndex();
        int end = piece.writerIndex();
        int at = begin;
        while (at < end && !(stops && at > begin && isBetweenMessages())) {
            if (headerSeen == 0 && length > 0) {
                int step = (int) Math.min(length, end - at);
                length -= step;
                at += step;
            } else {
                header(piece.getByte(at));
                at++;
            }
        }
        return at - begin;
    }

    private void header(byte octet) {
        if (headerSeen == 0) {
            first = octet;
            headerSize = 2;
        } else if (headerSeen == 1) {
            int small = octet & 0x7f;
            lengthSize = small == 127 ? 8 : small == 126 ? 2 : 0;
            length = lengthSize == 0 ? small : 0;
            headerSize = 2 + lengthSize + ((octet & MASKED) == 0 ? 0 : 4);
        } else if (headerSeen < 2 + lengthSize) {
            length = length << 8 | (octet & 0xff);
        }
        headerSeen++;
        if (headerSeen == headerSize) {
            headerEnds();
        }
    }

    private void headerEnds() {
        headerSeen = 0;
        if (length < 0) {
            length = Long.MAX_VALUE; // no frame is that long: the rest is not understood
        }
        int opcode = first & OPCODE;
        if (opcode < CLOSE) {
            isMessageOpen = (first & FIN) == 0;
        }
        hasClose |= opcode == CLOSE;
    }
}
