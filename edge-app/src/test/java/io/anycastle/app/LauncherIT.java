package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a machine that lacks what it needs, played on a copy of this one's file system. */
class LauncherIT {
    private static final Path TOOLS = Path.of("src/test/sh").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void a_machine_without_maven_or_java_25_is_told_what_is_missing_in_one_line(@TempDir Path folder)
            throws IOException, InterruptedException {
        Files.copy(Path.of("..", "edge"), folder.resolve("edge"), StandardCopyOption.COPY_ATTRIBUTES);
        Path log = folder.resolve("printed");
        Process copy = new ProcessBuilder(
                        TOOLS.resolve("on-a-copy.sh").toString(),
                        folder.toString(),
                        TOOLS.resolve("launcher-alone.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = copy.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        copy.descendants().forEach(ProcessHandle::destroy);
        copy.destroy();
        assertThat(ended).describedAs("it ended in time").isTrue();
        assertThat(copy.exitValue()).describedAs(Files.readString(log)).isZero();
    }
}
