package io.anycastle.proxy.health;

import java.util.concurrent.CompletionStage;

/** Makes one try of a health check. */
@FunctionalInterface
interface Prober {
    /** Never blocks; never completes exceptionally. */
    CompletionStage<Result> probe(HealthProbe probe);

    /**
     * What a try came to.
     *
     * @param reason for people; empty where it is up
     */
    record Result(boolean isUp, String reason) {
        static final Result UP = new Result(true, "");

        static Result down(String reason) {
            return new Result(false, reason);
        }
    }
}
