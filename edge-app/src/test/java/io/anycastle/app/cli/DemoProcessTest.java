package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.app.Main;
import io.anycastle.app.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code edge demo} and {@code edge train} in a process group of their own, as a terminal runs them, and Ctrl-C at bad moments. */
final class DemoProcessTest {
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;
    private static final long PATIENCE_SECONDS = 60;
    private static final Path ENV = Path.of("/usr/bin/env");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** What the demo makes first, in the middle and last while it starts. */
    @ParameterizedTest
    @ValueSource(strings = {"anycastle-demo-", "admin.token", "log-", "Ctrl-C ends it"})
    void ctrl_c_while_the_demo_starts_leaves_nothing_behind(String seen) throws Exception {
        Path printed = folder.resolve("printed");
        assertThat(endedBy("INT", seen, printed, "demo")).isEqualTo(INTERRUPTED);
        assertNothingIsLeft(printed);
    }

    @Test
    void a_training_run_that_is_told_to_stop_leaves_nothing_behind() throws Exception {
        Path printed = folder.resolve("printed");
        assertThat(endedBy("TERM", "edge.yml", printed, "train")).isEqualTo(TERMINATED);
        assertNothingIsLeft(printed);
    }

    /** Starts a command, sends it the signal once that was seen, and returns its exit code. */
    private int endedBy(String signal, String seen, Path printed, String command) throws Exception {
        Process process = process(printed, command);
        try {
            awaitSeen(process, seen, printed);
            signal(signal, process);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .describedAs("it ended")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private void assertNothingIsLeft(Path printed) {
        assertThat(temporary()).isEmptyDirectory();
        assertThat(printed).content().doesNotContain("edge: ");
    }

    private Path temporary() {
        return folder.resolve("temporary");
    }

    /** Signals are as a terminal sets them: a build in the background ignores SIGINT, and so would what it starts. */
    private Process process(Path printed, String command) throws IOException {
        Files.createDirectory(temporary());
        List<String> line = new ArrayList<>(List.of("setsid", ENV.toString(), "--default-signal=INT"));
        assumeTrue(hasDefaultSignal(), "no GNU env that can set signals back");
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
        line.add("-Djava.io.tmpdir=" + temporary());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), command));
        return new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
    }

    private static boolean hasDefaultSignal() throws IOException {
        return Files.isExecutable(ENV)
                && new ProcessBuilder(ENV.toString(), "--default-signal=INT", "true")
                                .start()
                                .onExit()
                                .join()
                                .exitValue()
                        == 0;
    }

    /** To the whole group, as Ctrl-C does. */
    private static void signal(String name, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-s", name, "--", "-" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Until a file of that name or a name that begins so is in the temporary folder, or the text was printed. */
    private void awaitSeen(Process process, String wanted, Path printed) {
        TestNode.await(wanted, () -> {
            assertThat(process.isAlive()).describedAs("it runs").isTrue();
            return isMade(wanted) || isPrinted(wanted, printed);
        });
    }

    private boolean isMade(String name) {
        Predicate<Path> isIt = file -> file.getFileName().toString().startsWith(name);
        try (Stream<Path> files = Files.walk(temporary())) {
            return files.anyMatch(isIt);
        } catch (UncheckedIOException | IOException e) {
            return false; // changed while it was looked at
        }
    }

    private static boolean isPrinted(String text, Path printed) {
        try {
            return Files.readString(printed).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
