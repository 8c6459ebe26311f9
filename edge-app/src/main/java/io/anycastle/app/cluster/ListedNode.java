package io.anycastle.app.cluster;

import java.time.Instant;

/** A node as {@code edge cluster list} shows it. */
public record ListedNode(String id, int number, String address, Instant certificateExpires, State state) {
    /** How this node stands to it. */
    public enum State {
        /** It is the one that is asked. */
        SELF,
        CONNECTED,
        NOT_CONNECTED,
        REMOVED
    }

    /** Whether it is no part of the cluster any more. */
    public boolean isRemoved() {
        return state == State.REMOVED;
    }
}
