package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.anycastle.dns.ZoneText;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The wire path under Jazzer: {@code JAZZER_FUZZ=1} with the long tests searches on from the seeds, which every run tries. */
class WireFuzzTest {
    private static final Asking EDGE = new Asking(ZoneText.active("example.com", """
            @        300 A     192.0.2.1
            @        300 MX    5 x.w
            *.w      300 CNAME @
            child    300 NS    ns.child
            ns.child 300 A     192.0.2.2
            old      300 DNAME w
            ring     300 DNAME gnir
            gnir     300 DNAME ring
            svc      300 HTTPS 1 . alpn=h2
            """));

    /** The last octet chooses the transport. */
    @Tag("long")
    @FuzzTest
    void whatever_comes_gets_a_fitting_answer_or_none(byte[] data) throws IOException {
        if (data.length > 0) {
            Transport transport = (data[data.length - 1] & 1) == 1 ? Transport.TCP : Transport.UDP;
            byte[] query = Arrays.copyOf(data, data.length - 1);
            byte[] answer = EDGE.raw(query, transport);
            if (answer.length > 0) {
                WireChecks.fits(query, answer, transport);
            }
        }
    }

    @Test
    void each_seed_gets_a_fitting_answer_or_none() throws IOException, URISyntaxException {
        String folder = "WireFuzzTestInputs/whatever_comes_gets_a_fitting_answer_or_none";
        Path seeds = Path.of(
                Objects.requireNonNull(WireFuzzTest.class.getResource(folder)).toURI());
        try (Stream<Path> files = Files.list(seeds)) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(10);
            for (Path seed : all) {
                whatever_comes_gets_a_fitting_answer_or_none(Files.readAllBytes(seed));
            }
        }
    }
}
