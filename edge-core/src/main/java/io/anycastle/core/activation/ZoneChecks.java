package io.anycastle.core.activation;

import io.anycastle.core.activation.CheckRules.Decision;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.resolve.DnsClient;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.view.ViewChange;
import io.anycastle.core.view.ViewListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks zones as they come due. Every node keeps the list; the leading one works on it, a bounded number of zones at a time, each on a
 * virtual thread. What a check comes to is written as a change set on the version that it was decided on, so that two nodes that both
 * take themselves for the leading one write one outcome, and a change of the zone meanwhile is decided on anew.
 */
public final class ZoneChecks implements ViewListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneChecks.class);

    /** The longest sleep: who leads, and what the clock says, may change without anybody telling. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final int RACES_MAX = 5;

    private final EdgeStore store;
    private final CheckRules rules;
    private final PublicDns dns;
    private final InstantSource clock;
    private final CheckCounters counters;
    private final Semaphore places;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final Thread worker = Thread.ofVirtual().name("zone-checks").unstarted(this::work);
    private volatile boolean isClosed;

    /** What the worker hears of, in the order in which it happened. */
    private sealed interface Event {
        DomainName zone();

        /** The zone is as given from now on; the view may not show it yet. */
        record Changed(DomainName zone, Optional<ZoneState> after) implements Event {}

        /**
         * A check is over.
         *
         * @param isWritten whether its outcome is, or there was nothing to write
         * @param at when it was over
         */
        record Ended(DomainName zone, boolean isWritten, Instant at) implements Event {}
    }

    /**
     * What keeps a zone from being checked: the outcome of its last check could not be written.
     *
     * @param due when that check was; a zone that is due at another time now has been asked about since, and is free
     * @param times that this happened in a row
     */
    private record Hold(Instant due, int times, Instant until) {}

    /**
     * These are the worker's alone: zones to be checked by when, those held, those due, those being checked by when that was due, and the
     * time when it looked last.
     */
    private final Map<DomainName, Instant> planned = new HashMap<>();

    private final Map<DomainName, Hold> held = new HashMap<>();
    private final DueZones due = new DueZones();
    private final Map<DomainName, Instant> taken = new HashMap<>();
    private Instant latest = Instant.EPOCH;

    /**
     * How much is done at a time.
     *
     * @param zonesMax checked at once
     * @param timeout for all questions about one zone
     */
    public record Limits(int zonesMax, Duration timeout) {
        public static final Limits DEFAULTS = new Limits(16, Duration.ofSeconds(20));
    }

    /** What checking stands on. */
    public record Parts(EdgeStore store, DnsClient dnsClient, InstantSource clock, CheckCounters counters) {}

    private ZoneChecks(Parts parts, CheckRules rules, Limits limits) {
        this.store = parts.store();
        this.rules = rules;
        this.dns = new PublicDns(parts.dnsClient(), limits.timeout());
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.places = new Semaphore(limits.zonesMax());
    }

    /** Starts checking, if the rules say that zones are checked. */
    public static ZoneChecks start(Parts parts, CheckRules rules, Limits limits) {
        ZoneChecks checks = new ZoneChecks(parts, rules, limits);
        if (rules.isOn()) {
            checks.store.view().follow(checks);
            checks.worker.start();
        }
        return checks;
    }

    public CheckRules rules() {
        return rules;
    }

    /** How many zones this node knows to be checked some day. */
    public int waiting() {
        return waiting.get();
    }

    /** How many it is checking now. */
    public int running() {
        return running.get();
    }

    @Override
    public Runnable prepare(ViewChange change) {
        Event event = new Event.Changed(change.zone(), change.after());
        return () -> events.add(event);
    }

    private void work() {
        while (!isClosed) {
            try {
                Event first = events.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                Instant now = clock.instant();
                hear(first, now);
                watchClock(now);
                if (store.isLeading()) {
                    begin(now);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("zones cannot be checked, trying again", e);
            }
        }
    }

    private void hear(@Nullable Event first, Instant now) {
        for (Event event = first; event != null; event = events.poll()) {
            switch (event) {
                case Event.Changed(DomainName zone, Optional<ZoneState> after) ->
                    after.filter(rules::isChecked)
                            .ifPresentOrElse(
                                    state -> planned.put(zone, rules.dueOn(state, now)), () -> planned.remove(zone));
                case Event.Ended ended -> hold(ended, Objects.requireNonNull(taken.remove(ended.zone)));
            }
            plan(event.zone());
        }
        waiting.set(due.size());
    }

    /** A clock that was set back leaves plans that it made when it was ahead. */
    private void watchClock(Instant now) {
        if (now.isBefore(latest.minus(rules.schedule().again()))) {
            held.clear();
            store.view().get().zones().values().forEach(zone -> {
                planned.computeIfPresent(zone.zone().name(), (_, _) -> rules.dueOn(zone, now));
                plan(zone.zone().name());
            });
        }
        latest = now;
    }

    private void hold(Event.Ended ended, Instant dueAt) {
        DomainName name = ended.zone;
        Hold last = held.remove(name);
        Optional<ZoneState> zone = store.view().get().zone(name);
        if (ended.isWritten || zone.isEmpty()) {
            return;
        }
        int times = last != null && last.due.equals(dueAt) ? last.times + 1 : 1;
        held.put(name, new Hold(dueAt, times, ended.at.plus(rules.heldFor(zone.get(), times))));
    }

    private void plan(DomainName zone) {
        Instant next = planned.get(zone);
        if (next == null) {
            held.remove(zone);
        }
        if (next == null || taken.containsKey(zone)) {
            due.remove(zone);
        } else {
            due.put(
                    zone,
                    Optional.ofNullable(held.get(zone))
                            .filter(hold -> hold.due.equals(next) && hold.until.isAfter(next))
                            .map(Hold::until)
                            .orElse(next));
        }
    }

    private void begin(Instant now) {
        while (places.tryAcquire()) {
            Optional<DomainName> zone = due.take(now);
            if (zone.isEmpty()) {
                places.release();
                return;
            }
            taken.put(zone.get(), Objects.requireNonNull(planned.get(zone.get())));
            running.incrementAndGet();
            Thread.startVirtualThread(() -> run(zone.get()));
        }
    }

    private void run(DomainName zone) {
        boolean isWritten = false;
        try {
            isWritten = check(zone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("zone {} could not be checked", zone, e);
        } finally {
            Event ended = new Event.Ended(zone, isWritten, clock.instant());
            running.decrementAndGet();
            places.release();
            events.add(ended);
        }
    }

    /** Whether the zone's history is written, or there was nothing to write. */
    private boolean check(DomainName name) throws InterruptedException {
        Optional<ZoneState> zone = store.view().get().zone(name).filter(rules::isChecked);
        if (zone.isEmpty()) {
            return true;
        }
        Expectation expectation = rules.expectation(zone.get());
        Finding finding = dns.ask(expectation);
        Instant now = clock.instant();
        for (int race = 0; race < RACES_MAX && !isClosed; race++) {
            Optional<ZoneState> present = store.view().get().zone(name).filter(rules::isChecked);
            if (present.isEmpty() || !rules.expectation(present.get()).equals(expectation)) {
                return true; // another question now, which is due by itself
            }
            Decision decision = rules.decide(present.get(), finding, now);
            OptionalLong version = OptionalLong.of(present.get().zone().version());
            ChangeOutcome outcome = store.apply(new ChangeSet(name, version, decision.edits()));
            if (outcome instanceof ChangeOutcome.Applied) {
                tell(present.get(), decision, expectation.advice(finding));
                return true;
            }
            if (!(outcome instanceof ChangeOutcome.VersionConflict)) {
                return unwritten(name, outcome.toString());
            }
        }
        return isClosed || unwritten(name, "others write it too often");
    }

    private boolean unwritten(DomainName zone, String why) {
        counters.unwritten.increment();
        LOG.warn("what the check of zone {} came to was not written: {}", zone, why);
        return false;
    }

    private void tell(ZoneState before, Decision decision, String advice) {
        CheckHistory.Seen seen = decision.history().last().orElseThrow();
        counters.ended(seen.verdict());
        DomainName name = before.zone().name();
        if (decision.isDeleted()) {
            counters.deleted.increment();
            LOG.warn(
                    "zone {} is deleted: {} for too long; {}",
                    name,
                    before.zone().status(),
                    advice);
        } else if (decision.status().equals(Optional.of(ZoneStatus.ACTIVE))) {
            counters.activated.increment();
            LOG.info("zone {} is active: public DNS says {}", name, seen.values());
        } else if (decision.status().equals(Optional.of(ZoneStatus.MOVED))) {
            counters.moved.increment();
            LOG.warn("zone {} has moved, its proxied names answer their content from now on: {}", name, advice);
        } else if (!rules.history(before).last().equals(Optional.of(seen)) && !advice.isEmpty()) {
            LOG.info("zone {} is {}: {}", name, before.zone().status(), advice);
        }
    }

    /** Stops; a check under way ends without being written. */
    @Override
    public void close() {
        isClosed = true;
        worker.interrupt();
        store.view().unfollow(this);
    }
}
