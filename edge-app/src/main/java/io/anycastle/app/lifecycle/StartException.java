package io.anycastle.app.lifecycle;

import io.anycastle.core.failure.OperatorException;
import java.util.List;

/** The node did not start, and nothing of it is left running. */
public final class StartException extends OperatorException {
    private static final long serialVersionUID = 1L;

    StartException(List<String> problems) {
        super(problems);
    }
}
