package io.anycastle.dns.listen;

import io.vertx.core.Context;
import io.vertx.core.Future;

/** One open listener for queries. */
interface Listener {
    /** Opens it, called on the verticle's context; on failure nothing stays open. */
    Future<?> open(Context context);

    /** Whether it still answers who it was opened for. Any thread. */
    boolean isAnswering();

    /** Closes it; completes when no query is answered any more. */
    Future<?> close(Context context);
}
