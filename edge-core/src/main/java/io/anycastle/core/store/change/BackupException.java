package io.anycastle.core.store.change;

import java.util.List;

/** A backup cannot be used, and nothing was changed; at least one sentence says why. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> sentences;

    public BackupException(List<String> sentences) {
        super(String.join("\n", sentences));
        this.sentences = List.copyOf(sentences);
    }

    public BackupException(String sentence) {
        this(List.of(sentence));
    }

    public List<String> sentences() {
        return sentences;
    }
}
