package io.anycastle.core.store.change;

import io.anycastle.core.failure.OperatorException;
import java.util.List;

/** The store cannot start or cannot keep its promise. */
public final class StoreException extends OperatorException {
    private static final long serialVersionUID = 1L;

    public StoreException(List<String> problems) {
        super(problems);
    }

    public StoreException(String sentence) {
        super(List.of(sentence));
    }

    public StoreException(String sentence, Throwable cause) {
        super(List.of(sentence), cause);
    }
}
