package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of DNS over HTTPS that send in part or do not read: they are cut off in time, and keep little meanwhile. */
class DohSlowClientsTest {
    private final TestCertificate certificate = TestCertificate.any();
    private final CertificateFiles files;

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1", ServedZone.BIG);

    private final HttpClient client;

    DohSlowClientsTest(@TempDir Path folder) throws Exception {
        files = certificate.writeTo(folder);
        client = HttpClient.newBuilder()
                .sslContext(TestCertificate.trusting(certificate))
                .build();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
    }

    /** HTTP/2, on one connection. */
    @Test
    void queries_beside_it_do_not_keep_one_that_is_sent_in_part() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMillis(300), Duration.ofMillis(300)));
        URI uri = uri(service, "www.example.com.", "A");
        try (SSLSocket half = speakingHttp2(service)) {
            ByteArrayOutputStream begun = new ByteArrayOutputStream();
            begun.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            begun.writeBytes(frame(4, 0, 0, new byte[0]));
            begun.writeBytes(frame(1, 4, 1, fieldsOfPost(uri)));
            begun.writeBytes(frame(0, 0, 1, new byte[] {0, 1, 0}));
            half.getOutputStream().write(begun.toByteArray());
            Thread reader = Thread.ofVirtual().start(() -> readUntilCutOff(half));
            long end = System.nanoTime() + ServedZone.PATIENCE.toNanos();
            for (int stream = 3; reader.isAlive(); stream += 2) {
                assertThat(System.nanoTime()).isLessThan(end);
                if (!isWritten(half, frame(1, 5, stream, fields(uri)))) {
                    reader.join();
                }
                reader.join(Duration.ofMillis(20));
            }
        }
        assertThat(service.counters().read(Event.TCP_IDLE)).isOne();
    }

    private static boolean isWritten(SSLSocket socket, byte[] octets) {
        try {
            socket.getOutputStream().write(octets);
            return true;
        } catch (IOException e) {
            return false; // cut off
        }
    }

    @Test
    void all_that_is_sent_in_part_has_a_limit() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS.withSlowBytesMax(2L * TcpConfig.DEFAULTS.queryBytesMax()));
        List<CompletableFuture<HttpResponse<byte[]>>> halves = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            halves.add(askInPart(service));
        }
        assertThat(CompletableFuture.anyOf(halves.toArray(CompletableFuture[]::new)))
                .failsWithin(ServedZone.PATIENCE);
        assertThat(service.counters().read(Event.TCP_SLOW)).isOne();
        assertThat(client.send(
                                HttpRequest.newBuilder(uri(service, "www.example.com.", "A"))
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @Timeout(60)
    void a_client_that_does_not_read_is_cut_off() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMillis(300), Duration.ofMillis(300)));
        URI big = uri(service, "big.example.com.", "TXT");
        byte[] request = ("GET " + big.getPath() + "?" + big.getQuery() + " HTTP/1.1\r\nHost: a\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        SSLSocket deaf = served.connectTls(service, Transport.DOH, certificate);
        assertThat(CompletableFuture.runAsync(() -> askForEver(deaf, request))).failsWithin(Duration.ofSeconds(40));
    }

    /** Its window for each answer (RFC 9113 section 6.9.2) has no octet. */
    @Test
    void a_client_that_takes_no_answers_over_http_2_is_cut_off_once_too_many_wait() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS);
        URI big = uri(service, "big.example.com.", "TXT");
        try (SSLSocket deaf = speakingHttp2(service)) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frames.writeBytes(frame(4, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}));
            for (int stream = 1; stream < 100; stream += 2) {
                frames.writeBytes(frame(1, 5, stream, fields(big)));
            }
            deaf.getOutputStream().write(frames.toByteArray());
            readUntilCutOff(deaf);
        }
        assertThat(service.counters().read(Event.TCP_SLOW)).isOne();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A GET as RFC 7541 has it, nothing indexed but what everybody knows. */
    private static byte[] fields(URI uri) {
        byte[] path = (uri.getPath() + "?" + uri.getQuery()).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(7 + path.length)
                .put(new byte[] {(byte) 0x82, (byte) 0x87, 1, 1, 'a', 4})
                .put((byte) path.length)
                .put(path)
                .array();
    }

    /** A POST whose body is to follow. */
    private static byte[] fieldsOfPost(URI uri) {
        byte[] path = uri.getPath().getBytes(StandardCharsets.US_ASCII);
        byte[] type = "application/dns-message".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + path.length + type.length)
                .put(new byte[] {(byte) 0x83, (byte) 0x87, 1, 1, 'a', 4})
                .put((byte) path.length)
                .put(path)
                .put(new byte[] {0x0f, 0x10, (byte) type.length})
                .put(type)
                .array();
    }

    private SSLSocket speakingHttp2(DnsService service) throws Exception {
        SSLSocket socket = served.connectTls(service, Transport.DOH, certificate);
        ServedZone.offer(socket, "h2");
        return socket;
    }

    private static void readUntilCutOff(SSLSocket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still there", e);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|closed|terminated).*");
        }
    }

    private static void askForEver(SSLSocket deaf, byte[] request) {
        try {
            while (true) {
                deaf.getOutputStream().write(request);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request whose body begins and never ends. */
    private CompletableFuture<HttpResponse<byte[]>> askInPart(DnsService service) {
        URI uri = URI.create("https://127.0.0.1:" + port(service) + "/dns-query");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/dns-message")
                .POST(BodyPublishers.fromPublisher(subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                    private boolean hasBegun;

                    @Override
                    public void request(long n) {
                        if (!hasBegun) {
                            hasBegun = true;
                            subscriber.onNext(ByteBuffer.wrap(new byte[] {0, 1, 0}));
                        }
                    }

                    @Override
                    public void cancel() {
                        // Nothing is held.
                    }
                })))
                .build();
        return client.sendAsync(request, BodyHandlers.ofByteArray());
    }

    private static URI uri(DnsService service, String name, String type) {
        String query = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Asking.query(name, type).toWire());
        return URI.create("https://127.0.0.1:" + port(service) + "/dns-query?dns=" + query);
    }

    private static int port(DnsService service) {
        return ServedZone.address(service, Transport.DOH).getPort();
    }

    private DnsService start(TcpConfig tcp) throws Exception {
        return served.start(ServedZone.LOOPBACK
                .withTls(TlsConfig.DEFAULTS.with(files, List.of()))
                .withTcp(tcp)
                .withHttps(HttpsConfig.DEFAULTS.withListen(List.of(ServedZone.ANY_PORT), List.of())));
    }
}
