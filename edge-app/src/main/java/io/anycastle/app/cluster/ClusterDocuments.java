package io.anycastle.app.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The documents that all nodes share: replicated, durable, JSON texts under keys such as {@code node/ID} and {@code ca}. */
public interface ClusterDocuments {
    /** Those that there are now; never blocks. */
    Map<String, String> all();

    /**
     * Plans edits on the documents as they stand and writes them, all or none; plans anew after a lost race. Blocks.
     *
     * @param plan pure: it may run more than once
     */
    <T> Outcome<T> change(Function<Map<String, String>, Plan<T>> plan);

    /** Calls after each change, whoever made it; on any thread, and quickly. */
    void follow(Runnable listener);

    /** Whether the document belongs into a backup: join tokens end by themselves, and not even their hashes are to lie about. */
    static boolean isForBackup(String key) {
        return !key.startsWith(Invitation.PREFIX);
    }

    /** Whether a restore may touch the document: who is in the cluster, and whom it trusts, no backup decides. */
    static boolean isForRestore(String key) {
        return isForBackup(key) && !Versions.isAboutNetwork(key);
    }

    /**
     * What to write, and what that means to the caller.
     *
     * @param edits text per key; empty deletes
     */
    record Plan<T>(Map<String, Optional<String>> edits, T result) {
        public Plan {
            edits = Map.copyOf(edits);
        }
    }

    /** What became of a plan. */
    sealed interface Outcome<T> {
        /** Written, or nothing was to be. */
        record Done<T>(T result) implements Outcome<T> {}

        /** Nothing is known to be written; the reason is for the operator. */
        record Failed<T>(String reason) implements Outcome<T> {}
    }
}
