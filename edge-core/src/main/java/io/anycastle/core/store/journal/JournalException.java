package io.anycastle.core.store.journal;

/** The journal did not take an entry and kept nothing of it; the message says why in plain words. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    JournalException(String reason) {
        super(reason);
    }
}
