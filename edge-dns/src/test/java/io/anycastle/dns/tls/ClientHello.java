package io.anycastle.dns.tls;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The first flight of a TLS client that speaks one version at most (RFC 5246 section 7.4.1.2), for versions that no library speaks any more. */
public final class ClientHello {
    /** Cipher suites with ECDHE and an ECDSA certificate, one of every version up to 1.2. */
    private static final String SUITES = "c02b" + "c023" + "c009" + "c00a";

    /** Groups (secp256r1), point formats (uncompressed), signatures (ECDSA with SHA-256 and SHA-1). */
    private static final String EXTENSIONS = "000a000400020017" + "000b00020100" + "000d0006000404030203";

    private ClientHello() {}

    /**
     * @param version as it stands on the wire: 0x0300 SSL 3.0, 0x0301 TLS 1.0, 0x0302 TLS 1.1, 0x0303 TLS 1.2
     */
    public static byte[] of(int version) {
        byte[] suites = HexFormat.of().parseHex(SUITES);
        byte[] extensions = HexFormat.of().parseHex(EXTENSIONS);
        int length = 2 + 32 + 1 + 2 + suites.length + 2 + 2 + extensions.length;
        return ByteBuffer.allocate(5 + 4 + length)
                .put((byte) 22) // handshake
                .putShort((short) Math.min(version, 0x0301))
                .putShort((short) (4 + length))
                .putInt(1 << 24 | length) // client hello
                .putShort((short) version)
                .put(new byte[32]) // random
                .put((byte) 0) // no session
                .putShort((short) suites.length)
                .put(suites)
                .putShort((short) 0x0100) // no compression
                .putShort((short) extensions.length)
                .put(extensions)
                .array();
    }
}
