package io.anycastle.app.api;

import java.util.List;

/** The admin listener cannot be opened; one plain line per problem. */
public final class CannotServe extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    CannotServe(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
