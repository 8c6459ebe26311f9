package io.anycastle.dns.listen;

import java.util.List;

/** The service cannot open its doors; one plain sentence for each problem. */
public final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    CannotListen(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** At least one sentence. */
    public List<String> problems() {
        return problems;
    }
}
