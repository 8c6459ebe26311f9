package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Netty parts of different versions load, say that they work, and fail on first use. */
class NettyVersionTest {
    @Test
    void all_netty_parts_are_of_one_version() {
        Map<String, String> versions = Version.identify().values().stream()
                .filter(v -> !v.artifactId().contains("tcnative"))
                .collect(Collectors.toMap(Version::artifactId, Version::artifactVersion));
        assertThat(versions).containsKeys("netty-transport", "netty-transport-classes-epoll");
        assertThat(versions.values()).containsOnly("4.2.18.Final");
    }
}
