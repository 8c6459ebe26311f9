package io.anycastle.proxy.listen;

import java.util.List;

/** The service cannot start; one plain sentence for each reason. */
public final class StartFailure extends RuntimeException {
    private final List<String> problems;

    public StartFailure(List<String> problems) {
        super(String.join(" ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
