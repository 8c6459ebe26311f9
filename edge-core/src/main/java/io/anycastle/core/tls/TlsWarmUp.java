package io.anycastle.core.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Handshakes in memory, of an engine with another, that have everything loaded and set up which the JDK's TLS is made of: on a busy machine
 * that takes seconds, which an event loop has not. Called before a listener opens, on a thread that may wait; never on an event loop.
 */
public final class TlsWarmUp {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int ROUNDS_MAX = 64;

    static {
        refuseRenegotiation();
    }

    private TlsWarmUp() {}

    /**
     * Lets servers of this JVM refuse a client that wants to negotiate again, which costs them far more than it (RFC 5746, CVE-2011-1473);
     * the JDK reads this once, with its first handshake.
     */
    public static void refuseRenegotiation() {
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /**
     * Shakes hands once in each version, showing that certificate. Blocks.
     *
     * @throws GeneralSecurityException when TLS cannot be spoken with these keys in any version
     */
    public static void load(KeyManager[] keys) throws GeneralSecurityException {
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(keys, null, null);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new Anybody()}, null);
        GeneralSecurityException last = null;
        int shaken = 0;
        for (String version : VERSIONS) {
            try {
                shake(engine(client, version, true), engine(server, version, false));
                shaken++;
            } catch (SSLException e) {
                last = new GeneralSecurityException(version + ": " + e.getMessage(), e);
            }
        }
        if (shaken == 0 && last != null) {
            throw last;
        }
    }

    private static SSLEngine engine(SSLContext context, String version, boolean isClient) {
        SSLEngine engine = context.createSSLEngine("localhost.localdomain", 443);
        engine.setUseClientMode(isClient);
        engine.setEnabledProtocols(new String[] {version});
        return engine;
    }

    /**
     * Lets two engines of the same version talk until both are done. Blocks.
     *
     * @throws SSLException when they come to no agreement
     */
    public static void shake(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES).flip();
        ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES).flip();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            say(client, toServer);
            hear(server, toServer);
            say(server, toClient);
            hear(client, toClient);
            if (isDone(client) && isDone(server) && !toServer.hasRemaining() && !toClient.hasRemaining()) {
                return;
            }
        }
        throw new SSLException("the handshake does not end");
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getProtocol().equals("NONE");
    }

    private static void say(SSLEngine engine, ByteBuffer out) throws SSLException {
        out.compact();
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        runTasks(engine);
    }

    private static void hear(SSLEngine engine, ByteBuffer in) throws SSLException {
        if (in.hasRemaining()) {
            engine.unwrap(in, ByteBuffer.allocate(BUFFER_BYTES));
            runTasks(engine);
        }
    }

    private static void runTasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    /** It is our own certificate that comes. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
