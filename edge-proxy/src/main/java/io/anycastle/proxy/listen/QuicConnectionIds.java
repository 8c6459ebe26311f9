package io.anycastle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;

/**
 * The connection ids that an event loop gives its clients: the first two octets are the loop's number, so that a packet that the kernel hands to
 * another loop's socket, as it does when a client's address changes (RFC 9000 section 9), finds its way. The rest is Netty's, which cannot be
 * guessed. Any thread.
 */
final class QuicConnectionIds implements QuicConnectionIdGenerator {
    /** Octets of each id that is given. */
    static final int LENGTH = 20;

    private static final int LONG_HEADER = 0x80;

    private final QuicConnectionIdGenerator signed = QuicConnectionIdGenerator.signGenerator();
    private final QuicConnectionIdGenerator random = QuicConnectionIdGenerator.randomGenerator();
    private final int loop;

    QuicConnectionIds(int loop) {
        this.loop = loop;
    }

    /**
     * The loop whose id a datagram names.
     *
     * @return below 0 when it names none: a packet of a handshake may bear an id that the client made up
     */
    static int loop(ByteBuf datagram) {
        int at = datagram.readerIndex();
        boolean isShort = datagram.readableBytes() > LENGTH && (datagram.getByte(at) & LONG_HEADER) == 0;
        return isShort ? datagram.getUnsignedShort(at + 1) : -1;
    }

    private ByteBuffer marked(ByteBuffer id) {
        byte[] octets = new byte[id.remaining()];
        id.duplicate().get(octets);
        octets[0] = (byte) (loop >>> Byte.SIZE);
        octets[1] = (byte) loop;
        return ByteBuffer.wrap(octets);
    }

    @Override
    public ByteBuffer newId(int length) {
        return marked(random.newId(length));
    }

    @Override
    public ByteBuffer newId(ByteBuffer input, int length) {
        return marked(signed.newId(input, length));
    }

    @Override
    public int maxConnectionIdLength() {
        return LENGTH;
    }

    @Override
    public boolean isIdempotent() {
        return true;
    }
}
