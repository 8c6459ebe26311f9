package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx as an origin of HTTP/2, which says GOAWAY after every few requests, and answers uploads that it has not read. */
class NginxHttp2OriginTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final int REQUESTS_PER_CONNECTION = 20;
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 100;

    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            pid FOLDER/pid;
            error_log FOLDER/error.log;
            events { }
            http {
              access_log off;
              client_body_temp_path FOLDER/body;
              proxy_temp_path FOLDER/proxy;
              fastcgi_temp_path FOLDER/fastcgi;
              uwsgi_temp_path FOLDER/uwsgi;
              scgi_temp_path FOLDER/scgi;
              keepalive_requests LIMIT;
              client_max_body_size 16m;
              server {
                listen 127.0.0.1:PORT ssl http2;
                ssl_certificate CERTIFICATE;
                ssl_certificate_key KEY;
                location / { return 200 "$server_protocol $http_host $request_uri"; }
              }
            }
            """;

    @TempDir
    private Path folder;

    private TestCertificate certificate;
    private Process nginx;
    private Edge edge;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed");
        certificate = TestCertificate.create(ClientWire.HOST);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path file = Files.writeString(
                folder.resolve("nginx.conf"),
                CONFIGURATION
                        .replace("FOLDER", folder.toString())
                        .replace("LIMIT", Integer.toString(REQUESTS_PER_CONNECTION))
                        .replace("PORT", Integer.toString(port))
                        .replace(
                                "CERTIFICATE", certificate.files().certificate().toString())
                        .replace("KEY", certificate.files().key().toString()));
        nginx = new ProcessBuilder(
                        NGINX.toString(),
                        "-c",
                        file.toString(),
                        "-e",
                        folder.resolve("first.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        Await.until(() -> listens(port));
        edge = Edge.edge()
                .tls(OriginTlsMode.FULL)
                .site("example.com", "+a.example.com A 192.0.2.1 {\"origin_scheme\":\"https\"}")
                .origin("192.0.2.1", port)
                .start();
    }

    private boolean listens(int port) {
        assertThat(nginx.isAlive()).isTrue();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            assertThat(nginx.waitFor(20, TimeUnit.SECONDS)).isTrue();
            edge.close();
            certificate.close();
        }
    }

    @Test
    void no_request_fails_where_the_origin_ends_its_connections_again_and_again() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int each = 0; each < CLIENTS; each++) {
                clients.add(threads.submit(() -> {
                    askOften();
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                client.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(edge.counters().of(Event.ORIGIN_REQUESTS)).isGreaterThanOrEqualTo((long) CLIENTS * REQUESTS);
    }

    private void askOften() throws IOException {
        try (RawClient client = edge.client()) {
            for (int request = 0; request < REQUESTS; request++) {
                RawClient.Answer answer = client.get(ClientWire.HOST, "/" + request);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("HTTP/2.0 a.example.com /" + request);
            }
        }
    }

    @Test
    void an_upload_that_is_answered_before_it_is_read_is_answered() throws Exception {
        String body = "x".repeat(1 << 20);
        for (int upload = 0; upload < 5; upload++) {
            try (RawClient client = edge.client()) {
                client.sendAsFarAsItIsTaken("POST /up HTTP/1.1\r\nHost: " + ClientWire.HOST + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
                RawClient.Answer answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("HTTP/2.0 a.example.com /up");
            }
        }
    }
}
