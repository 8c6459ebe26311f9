package io.anycastle.app.cluster;

/** What an operator asked of the cluster is not possible; the message is one plain sentence that says why. */
public final class CannotDo extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotDo(String message) {
        super(message, null, false, false);
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
