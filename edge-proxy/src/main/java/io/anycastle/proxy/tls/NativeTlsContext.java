package io.anycastle.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * What the handshakes of a listener are made with: versions, ciphers, a certificate and the protocols that are spoken. Each connection
 * holds it; it is freed with the last. Any thread.
 */
public final class NativeTlsContext extends AbstractReferenceCounted {
    /** Of TLS 1.2: those with forward secrecy and authenticated encryption, as RFC 9325 section 4.2 wants. */
    private static final String CIPHERS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
            + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

    private final long pointer;
    private final Certificate certificate;
    private final List<String> spoken;

    private NativeTlsContext(long pointer, Certificate certificate, List<String> spoken) {
        this.pointer = pointer;
        this.certificate = certificate;
        this.spoken = List.copyOf(spoken);
    }

    /** Whether BoringSSL is there for this system. Loads it, and so may block the first time. */
    public static boolean isAvailable() {
        return OpenSsl.isAvailable();
    }

    /**
     * For servers with this certificate. Blocks.
     *
     * @param chain the certificate and those that vouch for it, in PEM form
     * @param key its private key, in PEM form
     * @param spoken the protocols, best first, by the names of ALPN
     * @throws SSLException when BoringSSL is not there, or cannot use the two
     */
    public static NativeTlsContext server(byte[] chain, byte[] key, List<String> spoken) throws SSLException {
        if (!isAvailable()) {
            throw new SSLException("BoringSSL is not there for this system");
        }
        long pointer = 0;
        try {
            pointer = SSLContext.make(SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3, SSL.SSL_MODE_SERVER);
            SSLContext.setCipherSuite(pointer, CIPHERS, false);
            SSLContext.setOptions(pointer, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
            SSLContext.setMode(
                    pointer,
                    SSLContext.getMode(pointer)
                            | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                            | SSL.SSL_MODE_ENABLE_PARTIAL_WRITE);
            SSLContext.setSessionCacheMode(pointer, SSL.SSL_SESS_CACHE_OFF); // clients keep their tickets
            SSLContext.setAlpnProtos(pointer, spoken.toArray(String[]::new), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
            Certificate certificate = Certificate.parsed(chain, key);
            SSLContext.setCertificateCallback(
                    pointer,
                    (ssl, keyTypes, issuers) -> SSL.setKeyMaterial(ssl, certificate.chain(), certificate.key()));
            return new NativeTlsContext(pointer, certificate, spoken);
        } catch (Exception e) {
            if (pointer != 0) {
                SSLContext.free(pointer);
            }
            throw new SSLException("BoringSSL cannot use the certificate and its key: " + e.getMessage(), e);
        }
    }

    /** A certificate with those that vouch for it, and its key, as BoringSSL has them. */
    private record Certificate(long chain, long key) {
        static Certificate parsed(byte[] chainPem, byte[] keyPem) throws Exception {
            long chain = parsed(chainPem, SSL::parseX509Chain);
            try {
                return new Certificate(chain, parsed(keyPem, bio -> SSL.parsePrivateKey(bio, "")));
            } catch (Exception e) {
                SSL.freeX509Chain(chain);
                throw e;
            }
        }

        private interface Parser {
            long parse(long bio) throws Exception;
        }

        private static long parsed(byte[] pem, Parser parser) throws Exception {
            long bio = bio(pem);
            try {
                return parser.parse(bio);
            } finally {
                SSL.freeBIO(bio);
            }
        }

        void free() {
            SSL.freeX509Chain(chain);
            SSL.freePrivateKey(key);
        }
    }

    private static long bio(byte[] octets) throws Exception {
        ByteBuf copy = Unpooled.directBuffer(octets.length).writeBytes(octets);
        try {
            long bio = SSL.newMemBIO();
            SSL.bioWrite(bio, copy.memoryAddress(), octets.length);
            return bio;
        } finally {
            copy.setZero(0, octets.length);
            copy.release();
        }
    }

    /**
     * The handler of a new connection, the first in its pipeline.
     *
     * @param handshake how long the handshake may take
     */
    public ChannelHandler handler(Duration handshake) {
        return new NativeTlsHandler(this, handshake);
    }

    /** The native session of a connection, which whoever asks must free. */
    long session() {
        return SSL.newSSL(pointer, true);
    }

    /** Whether one of those that a client offers is spoken here. */
    boolean speaksOneOf(List<String> offered) {
        return offered.stream().anyMatch(spoken::contains);
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }

    @Override
    protected void deallocate() {
        SSLContext.free(pointer);
        certificate.free();
    }
}
