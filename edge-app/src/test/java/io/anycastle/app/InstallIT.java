package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pastes the commands of the manual's page on installing: those of a package on a throw-away copy of this machine that has no Java, in a
 * folder with the package; those of the image here.
 *
 * <p>A fence {@code sh WAY STEP} is a step of one way to install. {@code # =>} at the end of a line says what its output holds. What is
 * done and checked around the steps is in {@code install-WAY.sh}, in functions called {@code before_STEP} and {@code after_STEP}.
 */
class InstallIT {
    private static final Path PAGE = Path.of("src/docs/install.md");
    private static final Path TOOLS = Path.of("src/test/sh").toAbsolutePath();
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Pattern FENCE = Pattern.compile("```([a-z]+) ([^\\n]+)\\n(.*?)```\\n", Pattern.DOTALL);
    private static final String EXPECTED = "# =>";
    private static final long PATIENCE_SECONDS = 400;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init")
    Path folder;

    static boolean packageCanBeInstalled() {
        return Files.isExecutable(Path.of("/usr/bin/apt")) && Files.isExecutable(Path.of("/usr/bin/dpkg-deb"));
    }

    static boolean imageIsBuilt() {
        return ContainerIT.imageIsBuilt();
    }

    @Test
    @EnabledIf(value = "packageCanBeInstalled", disabledReason = "this is no Debian: there is no apt")
    void the_debian_package_is_installed_used_upgraded_removed_and_purged() throws IOException, InterruptedException {
        layOut("anycastle_.*\\.deb");
        onACopyOfTheMachine("debian");
    }

    @Test
    void the_archive_is_installed_used_upgraded_and_removed() throws IOException, InterruptedException {
        layOut("anycastle-linux-.*\\.tar\\.gz");
        onACopyOfTheMachine("archive");
    }

    @Test
    @EnabledIf(value = "imageIsBuilt", disabledReason = "no Docker engine answered when the image was to be built")
    void the_image_is_run_and_used() throws IOException, InterruptedException {
        layOut("");
        Path script = Files.writeString(
                folder.resolve("run.sh"), Files.readString(TOOLS.resolve("install-docker.sh")) + steps("docker"));
        run("bash", "-euo", "pipefail", script.toString());
    }

    /** What a reader has: the files that the page shows, and what was downloaded. */
    private void layOut(String download) throws IOException {
        for (MatchResult fence : fences()) {
            if (!fence.group(1).equals("sh")) {
                Files.writeString(folder.resolve(fence.group(2)), fence.group(3));
            }
        }
        try (Stream<Path> made = Files.list(TARGET)) {
            for (Path file : made.toList()) {
                if (file.getFileName().toString().matches(download)) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
        }
    }

    private static List<MatchResult> fences() throws IOException {
        return FENCE.matcher(Files.readString(PAGE)).results().toList();
    }

    private void onACopyOfTheMachine(String way) throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("as-root.sh"),
                Files.readString(TOOLS.resolve("machine-without-java.sh"))
                        + Files.readString(TOOLS.resolve("install-" + way + ".sh"))
                        + steps(way));
        run(TOOLS.resolve("on-a-copy.sh").toString(), folder.toString(), script.toString());
    }

    private static String steps(String way) throws IOException {
        StringBuilder script = new StringBuilder();
        for (MatchResult fence : fences()) {
            if (fence.group(1).equals("sh") && fence.group(2).startsWith(way + " ")) {
                String step = fence.group(2).substring(way.length() + 1);
                script.append(around("before_" + step));
                fence.group(3).lines().forEach(line -> script.append(checked(line)));
                script.append(around("after_" + step));
            }
        }
        assertThat(script).describedAs("steps of " + way).isNotEmpty();
        return script.toString();
    }

    private static String around(String function) {
        return "if declare -F %s >/dev/null; then %s; fi\n".formatted(function, function);
    }

    private static String checked(String line) {
        int arrow = line.indexOf(EXPECTED);
        return arrow < 0
                ? line + "\n"
                : "expect %s %s\n"
                        .formatted(quoted(line.substring(arrow + EXPECTED.length())), quoted(line.substring(0, arrow)));
    }

    private static String quoted(String words) {
        return "'" + words.strip().replace("'", "'\\''") + "'";
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("printed");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        assertThat(ended)
                .describedAs("it ended in time; it printed:%n%s", Files.readString(log))
                .isTrue();
        assertThat(process.exitValue()).describedAs(Files.readString(log)).isZero();
    }
}
