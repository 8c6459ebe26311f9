package io.anycastle.core.view;

import io.anycastle.core.model.Account;

/**
 * Follows the view in two steps, so that DNS and proxy switch together: all listeners prepare, then all commits run back to back, then
 * the new view is current. Both steps are called on the one thread that writes the view, in the order of the changes.
 */
public interface ViewListener {
    /**
     * Compiles what the change asks for without showing it to readers.
     *
     * @return the commit: publishes in constant time and does not throw
     */
    Runnable prepare(ViewChange change);

    /** The same for a change of what belongs to no single zone. */
    default Runnable prepare(Account account) {
        return () -> {};
    }
}
