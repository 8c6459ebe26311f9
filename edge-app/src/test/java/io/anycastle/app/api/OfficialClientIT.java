package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cloudflare's own TypeScript client against a node: zones, records, batch, export and import, as {@code official-client.mjs} does them.
 * Where Node.js, npm or the package is not to be had, one line says that this was skipped.
 */
class OfficialClientIT {
    private static final Path SCRIPT = Path.of("src/test/js/official-client.mjs");
    private static final Path FOLDER = Path.of("target", "official-client").toAbsolutePath();
    private static final String PACKAGE = "cloudflare@7.3.0";
    private static final long PATIENCE_MINUTES = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path data;

    @Test
    void zones_and_records_are_managed_by_the_official_client() throws IOException, InterruptedException {
        install();
        Files.copy(SCRIPT, FOLDER.resolve("client.mjs"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (TestNode node = TestNode.start(data)) {
            Run run = run("node", "client.mjs", node.server(), node.token());
            assertThat(run.code()).describedAs(run.output()).isZero();
            assertThat(run.output()).isEqualTo("the client was content\n");
            assertThat(node.get("/zones").text()).contains("\"result\":[]");
        }
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        for (String program : List.of("node", "npm")) {
            require(run(program, "--version").code() == 0, program + " is not installed");
        }
        if (!Files.exists(FOLDER.resolve("node_modules/cloudflare/package.json"))) {
            Run npm = run(
                    "npm",
                    "install",
                    "--prefix",
                    FOLDER.toString(),
                    "--prefer-offline",
                    "--fetch-retries=0",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    PACKAGE);
            require(npm.code() == 0, "npm could not install " + PACKAGE);
        }
    }

    private static void require(boolean isThere, String otherwise) {
        if (!isThere) {
            System.out.println("The test with Cloudflare's own client is skipped: " + otherwise + ".");
        }
        Assumptions.assumeTrue(isThere, otherwise);
    }

    private record Run(int code, String output) {}

    /** A program that is not there ends with 127, as in a shell. */
    private static Run run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(FOLDER, "output", ".txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            return new Run(127, String.valueOf(e.getMessage()));
        }
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        String output = Files.readString(log);
        Files.delete(log);
        return new Run(ended ? process.exitValue() : 124, output);
    }
}
