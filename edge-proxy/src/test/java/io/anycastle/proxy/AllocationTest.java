package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.geo.GeoFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a request on a kept connection allocates on the event loops of a process as it ships, by the JVM's own counters.
 *
 * <p>Objects that do not outlive a method are allocated until the optimising compiler has seen it, which takes longer on a busy machine: the round
 * with the least is what a warm process allocates.
 */
class AllocationTest {
    private static final int WARM = 30_000;
    private static final int MEASURED = 10_000;
    private static final int ROUNDS_MAX = 40;
    private static final long BYTES_MAX = 300;

    private static final String REQUEST = """
            GET /some/page.html?id=12345 HTTP/1.1
            Host: a.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.5
            Cookie: session=0123456789abcdef0123456789abcdef; theme=dark

            """.replace("\n", "\r\n");

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Mon, 30 Nov 2026 12:00:00 GMT\r\n"
            + "Content-Type: text/html; charset=utf-8\r\nContent-Length: 1024\r\n\r\n" + "x".repeat(1024);

    private static void ask(RawClient client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(client.send(REQUEST).read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_on_kept_connections_allocates_little_with_its_log_line(@TempDir Path folder) throws Exception {
        assertThat(allocated(folder.resolve("access.log"), Path.of(""))).isLessThan(BYTES_MAX);
    }

    @Test
    void so_it_does_where_its_country_is_known_and_its_network_limited(@TempDir Path folder) throws Exception {
        Path countries = Files.write(
                folder.resolve("countries.mmdb"),
                new GeoFileWriter(24, true)
                        .with("127.0.0.0/8", Map.of("country", Map.of("iso_code", "DE")))
                        .bytes());
        assertThat(allocated(folder.resolve("access.log"), countries)).isLessThan(BYTES_MAX);
    }

    /** Octets for each request. */
    private static long allocated(Path accessLog, Path countries) throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(ANSWER);
                    }
                });
                var edge = new EdgeProcess(origin.port(), accessLog, countries);
                var client = new RawClient(edge.plainPort())) {
            ask(client, WARM);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS_MAX && least >= BYTES_MAX; round++) {
                long before = edge.allocated();
                ask(client, MEASURED);
                least = Math.min(least, (edge.allocated() - before) / MEASURED);
            }
            return least;
        }
    }
}
