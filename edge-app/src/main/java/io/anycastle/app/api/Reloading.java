package io.anycastle.app.api;

import java.util.List;

/** A node that can read its configuration again. */
@FunctionalInterface
public interface Reloading {
    /**
     * Reads the configuration, follows what can be followed at once, and tells the rest. Blocks.
     *
     * @throws io.anycastle.core.failure.OperatorException naming every problem; all is as before then
     */
    Reloaded reload();

    /**
     * What became of it.
     *
     * @param changed keys whose new values hold from now on
     * @param waiting keys whose new values take a restart
     */
    record Reloaded(List<String> changed, List<String> waiting) {
        public Reloaded {
            changed = List.copyOf(changed);
            waiting = List.copyOf(waiting);
        }
    }
}
