package io.anycastle.app.lifecycle;

import java.util.List;

/** The node did not start, and nothing of it is left running; one plain line per problem. */
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    CannotStart(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
