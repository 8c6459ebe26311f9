package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request on a kept connection allocates on the event loops, by the JVM's own counters; NIO's sockets allocate more by themselves. */
class AllocationTest {
    private static final int WARM = 30_000;
    private static final int MEASURED = 10_000;
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

    private static long allocated() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        ThreadInfo[] known = threads.getThreadInfo(ids);
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        long sum = 0;
        for (int i = 0; i < ids.length; i++) {
            if (known[i] != null && known[i].getThreadName().contains("eventloop")) {
                sum += bytes[i];
            }
        }
        return sum;
    }

    private static void ask(RawClient client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(client.send(REQUEST).read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_on_kept_connections_allocates_little_with_its_log_line(@TempDir Path folder) throws Exception {
        AccessLogConfig defaults = AccessLogConfig.DEFAULTS;
        AccessLogConfig log = new AccessLogConfig(
                true,
                LogTarget.FILE,
                folder.resolve("access.log"),
                defaults.fileBytesMax(),
                defaults.filesKept(),
                defaults.syslog(),
                defaults.queueBytesMax(),
                defaults.delay());
        try (var origin = new RawOrigin(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(ANSWER);
                    }
                });
                var edge = Edge.onNativeTransport()
                        .accessLog(log)
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            ask(client, WARM);
            long before = allocated();
            ask(client, MEASURED);
            assertThat((allocated() - before) / MEASURED).isLessThan(BYTES_MAX);
        }
    }
}
