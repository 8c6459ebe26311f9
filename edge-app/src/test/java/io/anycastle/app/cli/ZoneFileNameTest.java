package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ZoneFileNameTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "example.com.zone, www IN A 192.0.2.1, example.com",
        "db.example.com, www IN A 192.0.2.1, example.com",
        "Example.COM, '; nothing', example.com",
        "x.txt, $ORIGIN Example.com. ; the zone, example.com",
        "x.txt, example.com. 3600 IN SOA a. b. 1 2 3 4 5, example.com",
        "x.zone, @ IN SOA a. b. 1 2 3 4 5, x",
        "x.txt, example.com\t3600\tIN\tSOA\ta. b. 1 2 3 4 5, example.com",
        "x.txt, '$ORIGIN com.|example IN SOA a. b. (|1 2 3 4 5 )', example.com",
        "x.txt, '$ORIGIN example.com.|$ORIGIN sub.example.com.|a A 192.0.2.1|@ 300 SOA a. b. 1 2 3 4 5', sub.example.com",
        "x.txt, '$ORIGIN example.com.|@| IN SOA a. b. 1 2 3 4 5', example.com",
        "example.com.zone, '$ORIGIN sub.example.com.|a A 192.0.2.1|$ORIGIN example.com.|b A 192.0.2.1', example.com",
        "example.com.txt, '$ORIGIN example.org.|a A 192.0.2.1', example.org",
        "example.com.txt, 'a.example.org. A 192.0.2.1|$ORIGIN example.org.|b A 192.0.2.1', example.org",
        "export.txt, '$ORIGIN example.org.|a A 192.0.2.1', example.org",
        "export.txt, 'a TXT \"SOA\"|b TXT x', export"
    })
    void a_zone_file_says_whose_it_is(String file, String line, String zone) throws IOException {
        assertThat(ZoneFileName.of(Files.writeString(folder.resolve(file), line.replace('|', '\n') + "\n")))
                .isEqualTo(zone);
    }
}
