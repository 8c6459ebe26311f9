package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.ClientCertificate;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.origin.SealedKeys;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An origin that asks for a certificate is shown the zone's (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4). */
class ClientCertificateTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    /** What is sealed is written in Base64 here. */
    private static final SealedKeys OPENER =
            (text, place) -> Optional.of(Base64.getDecoder().decode(text));

    private final List<String> shown = new CopyOnWriteArrayList<>();
    private TestCertificate pem;

    @BeforeEach
    void start() throws Exception {
        pem = TestCertificate.create("a.example.com");
    }

    @AfterEach
    void stop() throws Exception {
        pem.close();
    }

    private RawOrigin origin(String protocol, boolean isDemanded) throws Exception {
        SSLContext context = pem.believingServer();
        return new RawOrigin(connection -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(connection.socket(), null, true);
            tls.setUseClientMode(false);
            tls.setEnabledProtocols(new String[] {protocol});
            tls.setNeedClientAuth(isDemanded);
            tls.startHandshake();
            shown.add(subject(tls));
            RawClient peer = new RawClient(tls);
            while (true) {
                peer.readHead();
                peer.send(OK);
            }
        });
    }

    private static String subject(SSLSocket tls) {
        try {
            return tls.getSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private Edge edge(RawOrigin origin, SealedKeys keys) throws Exception {
        String key =
                Files.readString(pem.files().key(), StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
        JsonObject document = new JsonObject()
                .put(ClientCertificate.CERTIFICATE, Files.readString(pem.files().certificate()))
                .put(ClientCertificate.SEALED_KEY, key);
        return Edge.edge()
                .tls(OriginTlsMode.FULL)
                .listeners(pem.listener())
                .site("example.com", "+a.example.com A 192.0.2.1", "@proxy/client-certificate " + document.encode())
                .origin("192.0.2.1", origin.port())
                .keys(keys)
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void an_origin_that_demands_a_certificate_gets_the_zones(String protocol) throws Exception {
        try (var origin = origin(protocol, true);
                var edge = edge(origin, OPENER);
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(shown).singleElement().asString().contains("CN=");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void an_origin_that_asks_for_none_gets_none(String protocol) throws Exception {
        try (var origin = origin(protocol, false);
                var edge = edge(origin, OPENER);
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(shown).containsExactly("nobody");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void a_key_that_does_not_open_or_fit_is_525(boolean opens, boolean isOther) throws Exception {
        SealedKeys broken = (text, place) -> opens ? Optional.of(new byte[] {1, 2, 3}) : Optional.empty();
        try (var origin = origin("TLSv1.3", isOther);
                var edge = edge(origin, broken);
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").status()).isEqualTo(525);
            assertThat(shown).isEmpty();
        }
    }
}
