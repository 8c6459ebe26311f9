package io.anycastle.core.view;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the node's view. Any thread reads; writes are serialised on this object's monitor. */
public final class CurrentView {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentView.class);

    private volatile EdgeView view = EdgeView.EMPTY;
    private final List<ViewListener> listeners = new ArrayList<>();

    /** The view now; constant time, never blocks. */
    public EdgeView get() {
        return view;
    }

    /** Adds a listener and tells it every zone that the view holds already, before any later change. */
    public synchronized void follow(ViewListener listener) {
        for (ZoneState zone : view.zones().values()) {
            listener.prepare(ViewChange.appearing(zone)).run();
        }
        listener.prepare(view.account()).run();
        listeners.add(listener);
    }

    /** Tells the listener nothing more. */
    public synchronized void unfollow(ViewListener listener) {
        listeners.remove(listener);
    }

    /** Shows a zone's next state, all of it at once. */
    public synchronized void update(ZoneState after, Set<DomainName> names) {
        DomainName zone = after.zone().name();
        if (zone.equals(Account.ZONE)) {
            Account account = Account.of(after);
            publish(listener -> listener.prepare(account), view.with(account), zone);
            return;
        }
        Optional<ZoneState> before = view.zone(zone);
        ViewChange change = before.isPresent()
                ? new ViewChange(zone, before, Optional.of(after), Set.copyOf(names))
                : ViewChange.appearing(after);
        publish(change);
    }

    /**
     * Lets those who follow the view take up those names of a zone anew: the view is the same, but what they make of it follows more than
     * the view. No-op when the zone is not there.
     */
    public synchronized void refresh(DomainName zone, Set<DomainName> names) {
        view.zone(zone).map(Optional::of).ifPresent(now -> publish(new ViewChange(zone, now, now, Set.copyOf(names))));
    }

    /** Takes a zone out of the view; no-op when it is not there. */
    public synchronized void remove(DomainName zone) {
        Optional<ZoneState> before = view.zone(zone);
        if (before.isPresent()) {
            publish(ViewChange.vanishing(before.get()));
        }
    }

    private void publish(ViewChange change) {
        publish(listener -> listener.prepare(change), view.after(change), change.zone());
    }

    private void publish(Function<ViewListener, Runnable> step, EdgeView next, DomainName zone) {
        List<Runnable> commits = new ArrayList<>(listeners.size());
        for (ViewListener listener : listeners) {
            try {
                commits.add(step.apply(listener));
            } catch (RuntimeException e) {
                // the change is on disk and agreed on: one follower's fault must not keep it from the others
                LOG.error(
                        "{} does not follow a change of {}", listener.getClass().getName(), zone, e);
            }
        }
        commits.forEach(Runnable::run);
        view = next;
    }
}
