package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarmUpTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final long ENOUGH = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void it_asks_by_every_protocol_that_visitors_may_speak_and_nothing_of_the_node_sees_it() throws Exception {
        Path log = folder.resolve("access.log");
        try (TestCertificate certificate = TestCertificate.create("a.example.com");
                RawOrigin origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                Edge edge = Edge.edge()
                        .accessLog(toFile(log))
                        .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                        .site("example.com", "+www.example.com A 198.51.100.7")
                        .origin("198.51.100.7", origin.port())
                        .start()) {
            WarmUp warmUp = edge.service().warmUp(LONG);
            Await.until(() -> warmUp.answers().values().stream().allMatch(count -> count > ENOUGH));
            warmUp.close();
            assertThat(origin.connections()).isZero();
            assertThat(edge.counters().all().values()).containsOnly(0L);
            assertThat(edge.counters().connectionsOpen()).isZero();
            assertThat(log).isEmptyFile();
        }
    }

    @Test
    void it_ends_by_itself_and_leaves_no_thread() throws Exception {
        try (Edge edge = Edge.edge().start()) {
            Set<Thread> before = threads();
            WarmUp warmUp = edge.service().warmUp(Duration.ofMillis(1));
            warmUp.over().get(1, TimeUnit.MINUTES);
            Await.until(() -> before.containsAll(threads()));
        }
    }

    /** Those of the JDK's own excepted. */
    private static Set<Thread> threads() {
        ThreadGroup own = Thread.currentThread().getThreadGroup();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> own.equals(thread.getThreadGroup()))
                .collect(Collectors.toSet());
    }

    private static AccessLogConfig toFile(Path log) {
        AccessLogConfig d = AccessLogConfig.DEFAULTS;
        return new AccessLogConfig(
                true,
                LogTarget.FILE,
                log,
                d.fileBytesMax(),
                d.filesKept(),
                d.syslog(),
                d.queueBytesMax(),
                Duration.ofMillis(10));
    }
}
