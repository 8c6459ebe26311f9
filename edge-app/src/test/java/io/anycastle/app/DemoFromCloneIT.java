package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, in a copy of the sources in which nothing is built. */
class DemoFromCloneIT {
    private static final Path SCRIPT = Path.of("src/test/sh/demo-from-clone.sh").toAbsolutePath();
    private static final long PATIENCE_MINUTES = 8;

    @Test
    void a_fresh_clone_builds_itself_and_the_three_commands_that_it_prints_work(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path log = folder.resolve("printed");
        Process script = new ProcessBuilder(SCRIPT.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = script.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        script.descendants().forEach(ProcessHandle::destroy);
        script.destroy();
        assertThat(ended).describedAs("it ended in time").isTrue();
        assertThat(script.exitValue()).describedAs(Files.readString(log)).isZero();
    }
}
