package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.kwik.flupke.Http3Client;

/** HTTP/3 as others understand it: a client that shares no line with the edge, its QUIC included. */
class FlupkeTest {
    private static final String HOST = "localhost";
    private static final int LARGE = 2 * 1024 * 1024;
    private static final int AT_ONCE = 20;

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        edge = Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(certificate.listener())
                .site(HOST, "+localhost A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
        client = Http3Client.newBuilder()
                .disableCertificateCheck()
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
        certificate.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + HOST + ":" + edge.port() + path));
    }

    private static byte[] random(int size) {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        return octets;
    }

    @Test
    void requests_are_answered_and_counted_as_what_they_are() throws Exception {
        String path = origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Own: 1\r\n\r\nok");
        long before = edge.counters().of(Event.HTTP3_CONNECTIONS);
        HttpResponse<String> answer = client.send(to(path).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.headers().firstValue("x-own")).contains("1");
        assertThat(answer.headers().firstValue("cf-ray")).isPresent();
        assertThat(edge.counters().of(Event.HTTP3_CONNECTIONS)).isBetween(before, before + 1);
        HttpResponse<String> trace = client.send(to("/cdn-cgi/trace").build(), BodyHandlers.ofString());
        assertThat(trace.body()).contains("http=http/3\n", "tls=TLSv1.3\n", "sni=plaintext\n");
    }

    @Test
    void large_bodies_pass_whole_both_ways() throws Exception {
        byte[] up = random(LARGE);
        byte[] down = random(LARGE + 1);
        CompletableFuture<byte[]> heard = new CompletableFuture<>();
        String path = origin.on((peer, head) -> {
            heard.complete(peer.readChunks());
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + down.length + "\r\n\r\n")
                    .send(down);
        });
        HttpResponse<byte[]> answer =
                client.send(to(path).POST(BodyPublishers.ofByteArray(up)).build(), BodyHandlers.ofByteArray());
        assertThat(answer.body()).isEqualTo(down);
        assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo(up);
    }

    @Test
    void many_requests_are_under_way_at_the_same_time() throws Exception {
        String path = origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            asked.add(client.sendAsync(to(path + "?" + i).build(), BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> each : asked) {
            assertThat(each.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
        }
    }

    @Test
    void an_error_page_and_a_head_alone_are_what_they_are() throws Exception {
        HttpResponse<String> refused = client.send(to("/cdn-cgi/none").build(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(404);
        String path = origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        HttpResponse<String> head =
                client.send(to(path).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }
}
