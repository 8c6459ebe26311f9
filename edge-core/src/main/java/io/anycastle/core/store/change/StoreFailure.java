package io.anycastle.core.store.change;

/** The store cannot start or cannot keep its promise; the message is one plain sentence for the operator. */
public final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreFailure(String sentence) {
        super(sentence);
    }

    public StoreFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
