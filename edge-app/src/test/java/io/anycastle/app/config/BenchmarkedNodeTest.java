package io.anycastle.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The node that the proxy's benchmark measures is the one that ships: nothing is switched off for it, and no limit raised. */
final class BenchmarkedNodeTest {
    private static final Path FILE = Path.of("..", "edge-proxy", "src", "bench", "edge.yml");

    /** Where it lies and listens, whom it asks, on how many cores it runs; and the access log, which costs and is on. */
    private static final Set<String> TOLD = Set.of(
            "data",
            "edge.addresses",
            "dns.listen",
            "http.listen",
            "https.listen",
            "https.certificate",
            "https.key",
            "proxy.threads",
            "proxy.access-log",
            "access-log.target",
            "access-log.file",
            "origin.tls",
            "origin.port",
            "origin.allow",
            "admin.listen",
            "cluster.port");

    @Test
    void nothing_is_switched_off_where_the_proxy_is_measured() throws IOException {
        String text = Files.readString(FILE)
                .replace("@data@", "data")
                .replace("@folder@", "folder")
                .replace("@https@", "8443")
                .replace("@http@", "8080")
                .replace("@admin@", "8053")
                .replace("@origin@", "8390");
        EdgeConfig measured = ConfigReader.read(text, FILE.toString());
        Set<String> other = EdgeConfig.DEFAULTS.differences(measured).stream()
                .map(Key::path)
                .collect(Collectors.toSet());
        assertThat(other).isSubsetOf(TOLD).contains("proxy.access-log");
        assertThat(measured.value(ProxyKeys.ACCESS_LOG)).isTrue();
    }
}
