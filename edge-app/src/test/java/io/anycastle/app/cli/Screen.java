package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
public final class Screen {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Environment environment;

    public Screen(Path folder, Map<String, String> variables) {
        this.environment = new Environment(variables, folder, new PrintWriter(out), new PrintWriter(err));
    }

    Environment environment() {
        return environment;
    }

    /** What one command led to. */
    public record Shown(int code, String out, String err) {}

    /** What a command prints that must succeed. */
    public String done(String... arguments) {
        Shown shown = run(arguments);
        assertThat(shown.err()).isEmpty();
        assertThat(shown.code()).isZero();
        return shown.out();
    }

    public Shown run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = EdgeCommand.run(environment, arguments);
        return new Shown(code, out.toString(), err.toString());
    }
}
