package io.anycastle.core.store.write;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.state.HybridClock;
import io.anycastle.core.view.CurrentView;
import java.util.Optional;
import java.util.Set;

/** Puts what is durable into the view. The caller holds the zone's lock. */
public final class ViewPublisher {
    private final CurrentView view;
    private final HybridClock clock;
    private final WriteCounters counters;
    private volatile long lagMs;

    public ViewPublisher(CurrentView view, HybridClock clock, WriteCounters counters) {
        this.view = view;
        this.clock = clock;
        this.counters = counters;
    }

    void show(DomainName zone, Optional<ZoneState> after, Set<DomainName> names) {
        counters.viewUpdates.increment();
        if (after.isPresent()) {
            view.update(after.get(), names);
            after.get().prepareIndex();
        } else if (!zone.equals(Account.ZONE)) {
            view.remove(zone);
        }
    }

    /** Notes how old a change from another node was when it appeared here. */
    void lag(Stamp stamp) {
        lagMs = Math.max(0, clock.now() - stamp.millis());
    }

    /** How old the last change from another node was when it appeared here, in milliseconds by both nodes' clocks. */
    public long lagMs() {
        return lagMs;
    }
}
