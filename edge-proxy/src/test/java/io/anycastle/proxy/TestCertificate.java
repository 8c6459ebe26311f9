package io.anycastle.proxy;

import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate from the test resources, in the forms that tests need. */
public final class TestCertificate implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;
    private final KeyStore store;

    private TestCertificate(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    public static TestCertificate create(String name) throws Exception {
        Path folder = Files.createTempDirectory("anycastle-tls");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = TestCertificate.class.getResourceAsStream(name + ".p12")) {
            store.load(in, PASSWORD);
        }
        Certificate certificate = store.getCertificate("a");
        PrivateKey key = (PrivateKey) store.getKey("a", PASSWORD);
        Files.writeString(folder.resolve("cert.pem"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
        return new TestCertificate(folder, store);
    }

    private static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /** The certificate as an authority of its own. */
    public KeyStore authority() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("a", store.getCertificate("a"));
        return trusted;
    }

    /** The server's side of TLS. */
    public SSLContext server() throws Exception {
        return server(null);
    }

    /** One that believes any certificate that it is shown. */
    public SSLContext believingServer() throws Exception {
        return server(new TrustManager[] {new Believer()});
    }

    private SSLContext server(TrustManager @Nullable [] trusted) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted, new SecureRandom());
        return context;
    }

    public TlsFiles files() {
        return new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    public ListenerConfig listener() {
        return new ListenerConfig("127.0.0.1", 0, OptionalInt.empty(), Optional.of(files()), true, true);
    }

    /** A client that believes any certificate and names the host in its handshake. */
    public RawClient client(int port, String serverName) throws Exception {
        return new RawClient(socket(port, serverName));
    }

    /** The socket of such a client, which offers these protocols by ALPN; the handshake is still to be made. */
    public static SSLSocket socket(int port, String serverName, String... protocols) throws Exception {
        return over(new Socket(InetAddress.getLoopbackAddress(), port), serverName, protocols);
    }

    /** The same on a connection that there is already, and that is closed with it. */
    public static SSLSocket over(Socket connected, String serverName, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Believer()}, new SecureRandom());
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connected, serverName, connected.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new HostName(serverName)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** An origin that speaks TLS with this certificate. */
    public RawOrigin origin(String message) throws Exception {
        return origin("127.0.0.1", message, name -> {});
    }

    /** The same at an address, and the name that each handshake asks for is told. */
    public RawOrigin origin(String address, String message, Consumer<String> names) throws Exception {
        SSLContext context = server();
        return new RawOrigin(address, connection -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(connection.socket(), null, true);
            tls.setUseClientMode(false);
            tls.startHandshake();
            ((ExtendedSSLSession) tls.getSession())
                    .getRequestedServerNames()
                    .forEach(name -> names.accept(new String(name.getEncoded(), StandardCharsets.US_ASCII)));
            RawClient peer = new RawClient(tls);
            while (true) {
                peer.readHead();
                peer.send(message);
            }
        });
    }

    @Override
    public void close() throws IOException {
        for (Path file : List.of(files().certificate(), files().key())) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }

    /** Any name, also such as the JDK's own class refuses. */
    private static final class HostName extends SNIServerName {
        HostName(String name) {
            super(0, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Trusts everybody. */
    private static final class Believer implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
