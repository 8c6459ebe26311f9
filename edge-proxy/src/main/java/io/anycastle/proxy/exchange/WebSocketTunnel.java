package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.OriginStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket that passes through the edge. When the node stops it ends by the closing handshake of RFC 6455 section 7, as each side knows it:
 * the client is told behind a whole message that the server goes away (1001), and no more of what the origin says reaches it. What the client
 * says up to its own Close frame still goes to the origin, which so hears of the end from its client. Belongs to its exchange.
 */
final class WebSocketTunnel {
    private static final short GOING_AWAY = 1001;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final ClientStream client;
    private final WebSocketFrames toClient = new WebSocketFrames();
    private final WebSocketFrames toOrigin = new WebSocketFrames();
    private boolean isEnding;
    private boolean isClientTold;
    private boolean isOriginLeft;

    WebSocketTunnel(ClientStream client) {
        this.client = client;
        if (client.connection().isStopping()) {
            end();
        }
    }

    /** From here on it is to end; any number of times. */
    void end() {
        isEnding = true;
        if (mayTellClient()) {
            isClientTold = true;
            client.write(close());
            client.flush();
        }
    }

    private boolean mayTellClient() {
        boolean endsByItself = toClient.hasClose() || toOrigin.hasClose();
        return !isClientTold && !endsByItself && toClient.isBetweenMessages();
    }

    /** What is to go to the client of a piece from the origin, which is taken. */
    ByteBuf toClient(ByteBuf piece) {
        if (isClientTold) {
            piece.release();
            return Unpooled.EMPTY_BUFFER;
        }
        if (!isEnding) {
            toClient.pass(piece);
            return piece;
        }
        int size = toClient.passToEnd(piece);
        if (!mayTellClient()) {
            return piece;
        }
        isClientTold = true;
        ByteBuf last = Unpooled.buffer(size + 4).writeBytes(piece, size).writeBytes(close());
        piece.release();
        return last;
    }

    /** Passes on a piece from the client; behind the answer to what it was told it hears nothing more. */
    void toOrigin(ByteBuf piece, OriginStream origin) {
        toOrigin.pass(piece);
        origin.write(piece);
        if (isClientTold && toOrigin.hasClose() && toOrigin.isBetweenMessages()) {
            client.endAnswer(null);
        }
    }

    /** Nothing more comes from the client: if it is to end, the origin is told that in the client's place. */
    void leave(OriginStream origin) {
        if (isEnding && !isOriginLeft && !toOrigin.hasClose() && toOrigin.isBetweenMessages()) {
            origin.write(maskedClose());
            origin.flush();
        }
        isOriginLeft = true;
    }

    private static ByteBuf close() {
        return Unpooled.buffer(4).writeByte(CLOSE).writeByte(2).writeShort(GOING_AWAY);
    }

    /** Masked as all of a client's frames are (section 5.3); nobody else chooses what is in it, so that any key will do. */
    private static ByteBuf maskedClose() {
        int key = ThreadLocalRandom.current().nextInt();
        return Unpooled.buffer(8)
                .writeByte(CLOSE)
                .writeByte(MASKED | 2)
                .writeInt(key)
                .writeShort(GOING_AWAY ^ (key >>> 16));
    }
}
