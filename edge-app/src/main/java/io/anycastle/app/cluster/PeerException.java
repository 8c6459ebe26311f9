package io.anycastle.app.cluster;

/** A connection to another node did not come about; the message is one plain sentence part about that node. */
final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whether one side refused the other, in contrast to not reaching it. */
    private final boolean isRefusal;

    PeerException(String message, boolean isRefusal) {
        super(message, null, false, false);
        this.isRefusal = isRefusal;
    }

    boolean isRefusal() {
        return isRefusal;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
