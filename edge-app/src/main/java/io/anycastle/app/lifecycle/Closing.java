package io.anycastle.app.lifecycle;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for things to close, but not for ever. */
record Closing(Duration deadline) {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    static Closing within(Duration deadline) {
        return new Closing(deadline);
    }

    /** Blocks until all are closed or the time is up; a failure to close is logged, not thrown. */
    void all(Future<?>... closing) {
        try {
            Future.join(List.of(closing))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.warn("not closed cleanly: {}", String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("not closed in {} ms; going on", deadline.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
