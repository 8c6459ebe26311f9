package io.anycastle.core.zonefile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.change.ZoneRules;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/**
 * Whatever a zone file holds, reading it ends, throws nothing, and tells a line for each error. In a normal build this runs on the files
 * of {@code ZoneFileFuzzTestInputs} only; with {@code JAZZER_FUZZ=1} in the environment it looks for new ones.
 */
@Tag("fuzz")
class ZoneFileFuzzTest {
    private static final ZoneRules RULES =
            new ZoneRules(Set.of(), List.of(DomainName.of("ns1.edge.test")), true, 30, 86400);

    @FuzzTest(maxDuration = "3m")
    void reading_a_zone_file_never_throws(byte[] octets) throws IOException {
        String text = new String(octets, StandardCharsets.UTF_8);
        ZoneFileLimits limits = new ZoneFileLimits(20, 300, 4096);
        ZoneFile file =
                new ZoneFileReader(DomainName.of("example.com"), RULES, limits).read(new StringReader(text), "fuzz");
        assertThat(file.errors()).hasSizeLessThanOrEqualTo(20).allMatch(e -> e.line() > 0);
        assertThat(file.records()).allMatch(r -> r.draft().name().endsWith("example.com."));
    }
}
