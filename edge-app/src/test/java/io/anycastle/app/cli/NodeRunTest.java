package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class NodeRunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run --config edge.yml",
                "run --join anycastle-join-1.abc",
                "run --config edge.yml --join anycastle-join-1.abc",
                "run --join anycastle-join-1.abc --config edge.yml"
            })
    void the_short_cut_understands_what_the_parser_does(String line) {
        String[] arguments = line.split(" ");
        Screen screen = new Screen(folder, java.util.Map.of());
        RunCommand parsed = new RunCommand(screen.environment());
        String[] behind = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
        new CommandLine(parsed).parseArgs(behind);
        assertThat(NodeRun.of(arguments)).contains(new NodeRun(parsed.config.file, parsed.join));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "run --help",
                "run -c edge.yml",
                "run --config=edge.yml",
                "run --config",
                "run --config a.yml --config b.yml",
                "run --config --join",
                "run --port 53",
                "run edge.yml"
            })
    void everything_else_is_left_to_the_parser(String line) {
        assertThat(NodeRun.of(line.split(" "))).isEmpty();
    }

    @Test
    void nothing_at_all_is_left_to_the_parser() {
        assertThat(NodeRun.of()).isEmpty();
    }
}
