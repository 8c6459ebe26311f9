package io.anycastle.core.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something cannot be done as it was configured or asked for; one plain sentence per problem, all of them. */
public abstract class OperatorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    protected OperatorException(List<String> problems) {
        this(problems, null);
    }

    protected OperatorException(List<String> problems, @Nullable Throwable cause) {
        super(String.join("\n", problems), cause);
        this.problems = List.copyOf(problems);
    }

    /** At least one sentence. */
    public final List<String> problems() {
        return problems;
    }
}
