package io.anycastle.core.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first message of a TLS client, as far as the name goes that it asks for, and the protocols that it offers (RFC 8446 section
 * 4.1.2, RFC 6066 section 3).
 */
public final class ClientHello {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int PROTOCOLS = 16;
    private static final int HOST_NAME = 0;
    private static final int RECORD_HEAD = 5;
    private static final int MESSAGE_HEAD = 4;
    private static final int VERSION_AND_RANDOM = 34;

    private ClientHello() {}

    /**
     * The octets of the host name in a record that holds all of the message; empty where it has none, or is no such record.
     *
     * @param record is left as it is
     */
    static Optional<byte[]> hostName(ByteBuffer record) {
        try {
            return hostNameIn(record.duplicate());
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty(); // cut off, or of other lengths than it says: the engine tells the client
        }
    }

    /**
     * The application protocols that the message in such a record offers, best first (RFC 7301); none where it offers none, or is not all
     * in the record.
     */
    public static List<String> protocols(ByteBuffer record) {
        ByteBuffer in = record.duplicate();
        List<String> protocols = new ArrayList<>();
        try {
            if (find(in, PROTOCOLS)) {
                int end = in.position() + 2 + Short.toUnsignedInt(in.getShort());
                while (in.position() < end) {
                    byte[] name = new byte[Byte.toUnsignedInt(in.get())];
                    in.get(name);
                    protocols.add(new String(name, StandardCharsets.ISO_8859_1));
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return List.of();
        }
        return protocols;
    }

    private static Optional<byte[]> hostNameIn(ByteBuffer in) {
        return find(in, SERVER_NAME) ? firstHost(in) : Optional.empty();
    }

    /** Goes to what that extension holds; whether there is one. */
    private static boolean find(ByteBuffer in, int wanted) {
        if (Byte.toUnsignedInt(in.get()) != HANDSHAKE) {
            return false;
        }
        skip(in, RECORD_HEAD - 1);
        if (Byte.toUnsignedInt(in.get()) != CLIENT_HELLO) {
            return false;
        }
        skip(in, MESSAGE_HEAD - 1 + VERSION_AND_RANDOM);
        skip(in, Byte.toUnsignedInt(in.get())); // session
        skip(in, Short.toUnsignedInt(in.getShort())); // cipher suites
        skip(in, Byte.toUnsignedInt(in.get())); // compression
        int end = Short.toUnsignedInt(in.getShort());
        for (int at = 0; at < end; ) {
            int type = Short.toUnsignedInt(in.getShort());
            int length = Short.toUnsignedInt(in.getShort());
            if (type == wanted) {
                return true;
            }
            skip(in, length);
            at += 4 + length;
        }
        return false;
    }

    private static Optional<byte[]> firstHost(ByteBuffer in) {
        in.getShort();
        if (Byte.toUnsignedInt(in.get()) != HOST_NAME) {
            return Optional.empty();
        }
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            return Optional.empty();
        }
        byte[] name = new byte[length];
        in.get(name);
        return Optional.of(name);
    }

    private static void skip(ByteBuffer in, int octets) {
        in.position(in.position() + octets);
    }
}
