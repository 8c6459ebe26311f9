package io.anycastle.app.config;

import java.util.List;

/** The configuration cannot be used; one plain line per problem, all of them. */
public final class BadConfig extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public BadConfig(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
