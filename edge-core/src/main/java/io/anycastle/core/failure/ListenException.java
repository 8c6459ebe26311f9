package io.anycastle.core.failure;

import java.util.List;

/** A service cannot open its listeners; none of them is left open. */
public final class ListenException extends OperatorException {
    private static final long serialVersionUID = 1L;

    public ListenException(List<String> problems) {
        super(problems);
    }
}
