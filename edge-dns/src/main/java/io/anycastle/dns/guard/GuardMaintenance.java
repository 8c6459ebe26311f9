package io.anycastle.dns.guard;

import io.anycastle.dns.DnsCounters;
import io.vertx.core.Vertx;
import java.util.List;

/** What the guard does from time to time, off the threads that answer: takes up secrets, puts windows together, tells the log. */
public final class GuardMaintenance {
    private static final long SECRETS_EVERY_MS = 60_000;

    private final Vertx vertx;
    private final List<Long> timers;

    private GuardMaintenance(Vertx vertx, List<Long> timers) {
        this.vertx = vertx;
        this.timers = timers;
    }

    public static GuardMaintenance start(Vertx vertx, Guard guard, DnsCounters counters) {
        GuardLog log = new GuardLog(guard, counters);
        DnsCounters.Lane lane = counters.lane();
        GuardConfig config = guard.config();
        return new GuardMaintenance(
                vertx,
                List.of(
                        every(vertx, SECRETS_EVERY_MS, guard.cookieSecrets()::refresh),
                        every(vertx, config.logInterval().toMillis(), log::tell),
                        every(vertx, config.randomLabels().window().toMillis(), () -> evaluate(guard, lane))));
    }

    private static void evaluate(Guard guard, DnsCounters.Lane lane) {
        int begun = guard.randomLabels().evaluate(guard.clock().millis());
        for (int i = 0; i < begun; i++) {
            lane.count(GuardEvent.RANDOMNAMES_FLOODS);
        }
    }

    /** On a worker; the next round waits for the one before. */
    private static long every(Vertx vertx, long periodMs, Runnable work) {
        return vertx.setPeriodic(
                periodMs,
                _ -> vertx.executeBlocking(() -> {
                    work.run();
                    return true;
                }));
    }

    public void stop() {
        timers.forEach(vertx::cancelTimer);
    }
}
