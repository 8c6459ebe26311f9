package io.anycastle.core.store;

import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.plan.ChangePlanner;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a change set would do to a zone, worked out without a store. Any thread. */
public final class ChangePreview {
    private ChangePreview() {}

    /** @param before the zone as it is, empty when there is none */
    public static Plan of(Optional<ZoneState> before, ChangeSet change, ZoneRules rules) {
        AtomicInteger records = new AtomicInteger();
        var context = new ChangePlanner.Context(
                Instant.EPOCH, new Stamp(0, 0, ""), () -> "%032x".formatted(records.incrementAndGet()));
        return new ChangePlanner(rules).plan(before, change, context);
    }
}
