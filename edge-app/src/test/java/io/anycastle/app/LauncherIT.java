package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a machine that lacks what it needs, played on a copy of this one's file system, and when it is told to stop. */
class LauncherIT {
    private static final Path TOOLS = Path.of("src/test/sh").toAbsolutePath();
    private static final Path DISTRIBUTION =
            Path.of("target", "anycastle", "anycastle").toAbsolutePath();
    private static final int TERMINATED = 143;
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

    @Test
    void a_training_run_that_is_cut_short_leaves_no_cache_and_no_folder(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path cache = folder.resolve("anycastle.aot");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        ProcessBuilder train = new ProcessBuilder(DISTRIBUTION.resolve("edge").toString(), "train")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile());
        train.environment().put("EDGE_AOT_CACHE", cache.toString());
        train.environment().put("EDGE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Process training = train.start();
        try {
            TestNode.await("the training's folder", () -> hasFiles(temporary));
            training.destroy();
            assertThat(training.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            training.descendants().forEach(ProcessHandle::destroyForcibly);
            training.destroyForcibly();
        }
        assertThat(training.exitValue()).isEqualTo(TERMINATED);
        assertThat(temporary).isEmptyDirectory();
        assertThat(folder).isDirectoryNotContaining("glob:**anycastle.aot*");
    }

    /** A source tree with a Maven that notes each of its runs, waits for the file "go", and makes what the real one makes but the cache. */
    private static Path tree(Path folder) throws IOException {
        Files.copy(Path.of("..", "edge"), folder.resolve("edge"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(folder.resolve("pom.xml"), "");
        Files.createDirectories(folder.resolve("edge-app/src/main"));
        Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, """
                #!/bin/sh
                echo run >>runs
                until [ -e go ]; do sleep 0.05; done
                home=edge-app/target/anycastle/anycastle
                mkdir -p $home/lib
                echo '-Xshare:auto' >$home/jvm.options
                : >$home/lib/edge-app.jar
                """);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        return folder;
    }

    private static Process edge(Path tree, Path said) throws IOException {
        ProcessBuilder edge = new ProcessBuilder(tree.resolve("edge").toString(), "version")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        edge.environment().merge("PATH", tree.resolve("bin") + ":", (path, first) -> first + path);
        return edge.start();
    }

    private static boolean says(Path said, String text) {
        try {
            return Files.exists(said) && Files.readString(said).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void of_two_commands_in_an_unbuilt_tree_one_builds_and_the_other_waits_and_a_missing_cache_costs_the_cache(
            @TempDir Path folder) throws IOException, InterruptedException {
        Path tree = tree(folder);
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        Process first = edge(tree, one);
        TestNode.await("the first builds", () -> says(folder.resolve("runs"), "run"));
        Process second = edge(tree, other);
        TestNode.await("the second waits", () -> says(other, "Another edge command is building Anycastle here"));
        Files.createFile(folder.resolve("go"));
        assertThat(first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(second.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(one)
                .content()
                .contains("The start-up cache could not be made")
                .contains("edge-app.jar");
        assertThat(other).content().doesNotContain("Building").contains("edge-app.jar");
        Process third = edge(tree, other);
        assertThat(third.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("runs")).content().isEqualTo("run\n");
    }

    @Test
    void another_collector_can_be_chosen(@TempDir Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("gc.log");
        Path printed = folder.resolve("printed");
        ProcessBuilder version = new ProcessBuilder(DISTRIBUTION.resolve("edge").toString(), "version")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        version.environment().put("EDGE_JAVA_OPTS", "-XX:+UseParallelGC -Xlog:gc:file=" + log);
        Process process = version.start();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).describedAs(Files.readString(printed)).isZero();
        assertThat(printed).content().startsWith("anycastle ");
        assertThat(log).content().contains("Using Parallel");
    }

    private static boolean hasFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
