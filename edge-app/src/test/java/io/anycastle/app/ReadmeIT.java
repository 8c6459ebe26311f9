package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pastes every command of the README and the manual into a shell, in a folder that looks like the one a reader sits in: the README section
 * by section, the manual page by page.
 *
 * <p>A fence {@code sh} is run line by line; {@code # =>} at the end of a line says what the output holds. A fence {@code yaml NAME} or
 * {@code text NAME} is written to the file NAME. What fences {@code sh} with a
 * word behind it hold is run by {@link InstallIT}. A line that starts a node goes to the background until its section or page ends. Nobody
 * is sent to these nodes, so their files are given a {@code drain-time} of nothing. The one command that is not run here is {@code mvn
 * verify}, which is what runs this test.
 */
class ReadmeIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("```([a-z]+)(?: ([^\\n]+))?\\n(.*?)```\\n", Pattern.DOTALL);
    private static final String EXPORTS = "exports.sh";
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(90);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @TestFactory
    Stream<DynamicTest> every_command_in_the_readme_works_as_pasted() throws IOException {
        return Stream.of(DocPage.README.text().split("\n(?=## )"))
                .filter(section -> FENCE.matcher(section).find())
                .map(section -> test("README.md " + section.lines().findFirst().orElse(""), section));
    }

    @TestFactory
    Stream<DynamicTest> every_command_in_the_manual_works_as_pasted() throws IOException {
        return DocPage.manual().stream()
                .filter(page -> FENCE.matcher(page.text()).find())
                .map(page -> test(page.name(), page.text()));
    }

    private DynamicTest test(String name, String commands) {
        return DynamicTest.dynamicTest(name, () -> paste(commands));
    }

    private void paste(String section) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "section");
        layOut(work);
        try (Nodes nodes = new Nodes(work)) {
            Matcher fence = FENCE.matcher(section);
            while (fence.find()) {
                String kind = fence.group(1);
                String file = fence.group(2);
                if (kind.equals("sh") && file == null) {
                    for (String line : fence.group(3).lines().toList()) {
                        runLine(line.strip(), nodes, work);
                    }
                } else if (!kind.equals("sh") && file != null) {
                    Files.writeString(work.resolve(file), forNobody(fence.group(3)));
                }
            }
        }
        removeLinks(work);
    }

    /** A node's file, such that the node does not wait until visitors go elsewhere. */
    private static String forNobody(String file) {
        return file.startsWith("data: ./") ? "drain-time: 0s\n" + file : file;
    }

    /** A reader's folder: the clone, by links, so that what the commands write stays in the temporary folder. */
    private static void layOut(Path work) throws IOException {
        try (Stream<Path> entries = Files.list(ROOT)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".") && !name.equals("target")) {
                    Files.createSymbolicLink(work.resolve(name), entry);
                }
            }
        }
    }

    private static void removeLinks(Path work) throws IOException {
        try (Stream<Path> entries = Files.list(work)) {
            for (Path link : entries.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private static void runLine(String line, Nodes nodes, Path work) throws IOException, InterruptedException {
        if (line.isEmpty() || line.startsWith("#") || line.equals("mvn verify")) {
            return;
        }
        int arrow = line.indexOf("# =>");
        String command = arrow < 0 ? line : line.substring(0, arrow).strip();
        if (command.startsWith("export ")) {
            remember(command, work);
            return;
        }
        if (command.matches("\\./edge (run|demo)\\b[^|]*")) {
            nodes.start(command);
            return;
        }
        String output = output(command, work);
        if (arrow >= 0) {
            String expected = line.substring(arrow + 4).strip();
            assertThat(output).describedAs(command).contains(expected);
        }
    }

    /** What a line exports is there for all later lines of its section. */
    private static void remember(String export, Path work) throws IOException {
        Path exports = work.resolve(EXPORTS);
        String before = Files.exists(exports) ? Files.readString(exports) : "";
        Files.writeString(exports, before + export + "\n");
    }

    private static String output(String command, Path work) throws IOException, InterruptedException {
        Path log = Files.createTempFile(work, "output", ".txt");
        Process process = shell(command, work, log);
        boolean ended = process.waitFor(COMMAND_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log);
        assertThat(ended)
                .describedAs("'%s' ended in time; it printed:%n%s", command, output)
                .isTrue();
        assertThat(process.exitValue())
                .describedAs("exit code of '%s', which printed:%n%s", command, output)
                .isZero();
        return output;
    }

    private static Process shell(String command, Path work, Path log) throws IOException {
        ProcessBuilder shell = new ProcessBuilder(
                        "bash",
                        "-eo",
                        "pipefail",
                        "-c",
                        "exec 2>&1; touch " + EXPORTS + "; . ./" + EXPORTS + "; " + command)
                .directory(work.toFile())
                .redirectOutput(log.toFile());
        shell.environment().put("HOME", work.toString());
        return shell.redirectErrorStream(true).start();
    }

    /** The nodes that a section started; closing ends each with SIGTERM and wants it gone in time. */
    private static final class Nodes implements AutoCloseable {
        private static final Pattern READY = Pattern.compile("ready, \\d+ ms|Ctrl-C");
        private final Path work;
        private final List<Process> running = new ArrayList<>();

        private Nodes(Path work) {
            this.work = work;
        }

        private void start(String command) throws IOException, InterruptedException {
            Process node = new ProcessBuilder("bash", "-c", "exec 2>&1; exec " + command)
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .start();
            running.add(node);
            Output output = new Output(node.getInputStream());
            Thread.ofVirtual().start(output);
            String text = output.await(READY, node, COMMAND_TIMEOUT);
            for (String printed : commandsPrintedBy(text)) {
                output(printed, work);
            }
        }

        /** The demo prints commands to try, each on a line of its own: they are part of what the README promises. */
        private static List<String> commandsPrintedBy(String text) {
            return text.lines()
                    .map(String::strip)
                    .filter(line -> line.matches("(dig|curl) .*"))
                    .toList();
        }

        @Override
        public void close() throws IOException {
            running.forEach(Process::destroy);
            for (Process node : running) {
                assertThat(node.onExit()
                                .completeOnTimeout(node, 30, TimeUnit.SECONDS)
                                .join()
                                .isAlive())
                        .describedAs("a node ends within 30 s of SIGTERM")
                        .isFalse();
            }
        }
    }

    /** What a running node prints. */
    private static final class Output implements Runnable {
        private final InputStream stream;
        private final StringBuilder text = new StringBuilder();

        private Output(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            byte[] chunk = new byte[8192];
            try (stream) {
                for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
                    append(new String(chunk, 0, n, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                append("\n" + e);
            }
        }

        private synchronized void append(String more) {
            text.append(more);
            notifyAll();
        }

        private synchronized String await(Pattern wanted, Process node, Duration timeout) throws InterruptedException {
            long end = System.nanoTime() + timeout.toNanos();
            while (!wanted.matcher(text).find()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertThat(left > 0 && node.isAlive())
                        .describedAs("the node said it is ready; it printed:%n%s", text)
                        .isTrue();
                wait(Math.min(left, 200));
            }
            return text.toString();
        }
    }
}
