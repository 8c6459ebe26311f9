package io.anycastle.dns.flatten;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.resolve.DnsClient;
import io.anycastle.core.resolve.LookupResult;
import io.anycastle.core.view.CnameFlattening;
import io.anycastle.core.view.CurrentView;
import io.anycastle.core.view.EdgeView;
import io.anycastle.core.view.Redirections;
import io.anycastle.core.view.ViewChange;
import io.anycastle.core.view.ViewListener;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.compile.ExternalTarget;
import io.anycastle.dns.compile.ExternalTarget.Learnt;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses of the names outside our zones that flattened CNAMEs lead to, so that no query ever waits for one.
 *
 * <p>A name is looked up as soon as a flattened CNAME leads to it, directly or over CNAMEs of ours, and again shortly before its answer's
 * TTL is over. What was learnt last is answered until something newer is learnt: a server that fails or is silent changes nothing; only
 * its answer that the name, or the family, is gone does. Which CNAMEs lead where is followed from the view behind the change, so that
 * changes do not wait for it. All of that happens on the flattener's own thread; answers appear by one write per name and family.
 */
public final class Flattener implements ViewListener, AutoCloseable {
    static final int TTL_MAX = 604_800;

    private static final Logger LOG = LoggerFactory.getLogger(Flattener.class);
    private static final int[] FAMILIES = {Wire.TYPE_A, Wire.TYPE_AAAA};
    private static final int HOPS_MAX = CnameFlattening.ALIASES_MAX;
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration SAVE_INTERVAL = Duration.ofMinutes(1);

    private final FlattenConfig config;
    private final AnswerConfig answers;
    private final ExternalTargets targets;
    private final CurrentView view;
    private final DnsClient dnsClient;
    private final InstantSource clock;
    private final FlattenCounters counters = new FlattenCounters();
    private final ScheduledExecutorService thread;

    /** From here on of that thread alone. The view as far as its changes are followed: the current one may be a change behind or ahead. */
    private EdgeView seen = EdgeView.EMPTY;

    /** In canonical order, so that those at or below a zone follow one another. */
    private final NavigableMap<DomainName, Use> uses = new TreeMap<>();

    /** Those to look up, the longest due first: all that are wanted, outside and not open. */
    private final NavigableSet<Use> due =
            new TreeSet<>(Comparator.<Use>comparingLong(use -> use.dueMillis).thenComparing(use -> use.target.name()));

    /** Those below a DNAME of ours, which a change of another zone may make ours or not. */
    private final Set<Use> redirected = new HashSet<>();

    private boolean areRedirectedOutdated;

    private int open;
    private int wanted;
    private boolean isFullTold;
    private boolean isDirty;
    private long savedMillis;

    /** One name that CNAMEs of ours lead to. */
    private static final class Use {
        private final ExternalTarget target;
        private int aliases;
        private boolean isWanted;

        /** Whom to ask about: the target, or the name that DNAMEs of ours lead it to; empty where the table has the answer. */
        private Optional<DomainName> asked = Optional.empty();

        private boolean isOpen;
        private boolean isOutdated;
        private int failures;
        private long dueMillis;

        Use(ExternalTarget target) {
            this.target = target;
        }
    }

    private Flattener(Dependencies surroundings, FlattenConfig config, ExternalTargets targets) {
        this.config = config;
        this.targets = targets;
        answers = surroundings.answers();
        view = surroundings.view();
        dnsClient = surroundings.dnsClient();
        clock = surroundings.clock();
        savedMillis = clock.millis();
        thread = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name("flattening").daemon().unstarted(work));
    }

    /**
     * What a flattener works with.
     *
     * @param answers as the answer table has it
     */
    public record Dependencies(CurrentView view, DnsClient dnsClient, InstantSource clock, AnswerConfig answers) {}

    /** The targets for the answer table to compile with; they know what the configured file knows. */
    public static ExternalTargets targets(FlattenConfig config) {
        return config.file()
                .map(file -> new ExternalTargets(KnownAddresses.read(file)))
                .orElseGet(ExternalTargets::new);
    }

    /** Follows the view, after the answer table does, and starts looking names up. */
    public static Flattener start(Dependencies surroundings, FlattenConfig config, ExternalTargets targets) {
        Flattener flattener = new Flattener(surroundings, config, targets);
        surroundings.view().follow(flattener);
        flattener.thread.scheduleWithFixedDelay(
                flattener::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        return flattener;
    }

    public FlattenCounters counters() {
        return counters;
    }

    @Override
    public Runnable prepare(ViewChange change) {
        return () -> run(() -> follow(change));
    }

    private void run(Runnable work) {
        try {
            thread.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.error("flattening failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("flattening is closed", e);
        }
    }

    private void follow(ViewChange change) {
        seen = seen.after(change);
        boolean flattenedAll = flattensAll(change.before());
        boolean flattensAll = flattensAll(change.after());
        if (change.before().isEmpty() || change.after().isEmpty()) {
            change.after()
                    .ifPresent(zone -> cnames(zone)
                            .forEach(record -> acquire(record, flattensAll || isFlattened(record, change))));
            change.before().ifPresent(zone -> cnames(zone).forEach(this::release));
        } else {
            boolean isAnother = flattenedAll != flattensAll;
            followNames(
                    change, isAnother ? withAll(change.names(), change.after().get()) : change.names());
        }
        if (!type(change.before()).equals(type(change.after()))) {
            reconsider(change.zone());
        }
        lookUpDue();
    }

    private void followNames(ViewChange change, Set<DomainName> names) {
        boolean flattensAll = flattensAll(change.after());
        for (DomainName name : names) {
            Optional<Record> before = cname(change.before(), name);
            Optional<Record> after = cname(change.after(), name);
            after.ifPresent(record -> acquire(record, flattensAll || isFlattened(record, change)));
            before.ifPresent(this::release);
            boolean isOtherCut = isCut(change.before(), name) != isCut(change.after(), name);
            if (isOtherCut || !dname(change.before(), name).equals(dname(change.after(), name))) {
                reconsider(name);
            }
        }
    }

    /**
     * Finds out anew which names at or below that one are ours, and at the next tick those that a DNAME may lead there: any of them may be,
     * and zones come by the thousand. The table answers for ours, so that only one that is outside again, or elsewhere, is looked up, at
     * once. What lies below the suffix of partial zones is ours whichever zones there are.
     */
    private void reconsider(DomainName top) {
        areRedirectedOutdated = true;
        for (Use use : uses.tailMap(top, true).values()) {
            if (!use.target.name().isAtOrBelow(top)) {
                return;
            }
            reconsider(use);
        }
    }

    private void reconsider(Use use) {
        Optional<DomainName> before = use.asked;
        consider(use);
        if (use.asked.isEmpty()) {
            due.remove(use);
        } else if (!use.asked.equals(before)) {
            use.isOutdated = use.isOpen; // asked about before it was ours, or when it led elsewhere
            dueAt(use, clock.millis());
        }
    }

    private void consider(Use use) {
        use.asked = outside(use.target.name());
        if (redirected(use.target.name()).isPresent()) {
            redirected.add(use);
        } else {
            redirected.remove(use);
        }
    }

    private static Set<DomainName> withAll(Set<DomainName> names, ZoneState zone) {
        Set<DomainName> all = new HashSet<>(names);
        all.addAll(zone.names().keySet());
        return all;
    }

    /** All of a zone's, found in one pass: there may be a million names, and no CNAME. */
    private static Stream<Record> cnames(ZoneState zone) {
        return zone.names().values().stream().flatMap(records -> CnameFlattening.cname(records).stream());
    }

    /** Empty for no zone. */
    private static Optional<ZoneType> type(Optional<ZoneState> zone) {
        return zone.map(state -> state.zone().type());
    }

    private static boolean flattensAll(Optional<ZoneState> zone) {
        return zone.map(ZoneState::dnsSettings)
                .map(DnsSettings::flattenAllCnames)
                .orElse(false);
    }

    private static Optional<Record> cname(Optional<ZoneState> zone, DomainName name) {
        return zone.flatMap(z -> z.at(name)).flatMap(CnameFlattening::cname);
    }

    private static boolean isCut(Optional<ZoneState> zone, DomainName name) {
        return zone.flatMap(z -> z.at(name)).filter(CnameFlattening::isCut).isPresent();
    }

    /** Whatever the zone says of all its CNAMEs. A name of a partial zone is as good as one of another zone: public DNS has it. */
    private boolean isFlattened(Record cname, ViewChange change) {
        boolean isWithin = answers.flattensWithinZone()
                && change.after().filter(zone -> !isPartial(zone)).isPresent()
                && CnameFlattening.target(cname)
                        .filter(target -> target.isAtOrBelow(change.zone()))
                        .isPresent();
        return isWithin
                || cname.settings().flattenCname()
                || cname.name().equals(change.zone())
                || change.after()
                        .flatMap(zone -> zone.at(cname.name()))
                        .filter(CnameFlattening::isAccompanied)
                        .isPresent();
    }

    private void acquire(Record cname, boolean isFlattened) {
        Optional<DomainName> target = CnameFlattening.target(cname);
        if (target.isEmpty()) {
            return;
        }
        Use use = uses.computeIfAbsent(target.get(), name -> {
            Use made = new Use(targets.of(name));
            consider(made);
            return made;
        });
        use.aliases++;
        Use own = uses.get(cname.name());
        if (isFlattened || (own != null && own.isWanted)) {
            want(use, 0);
        }
    }

    private void release(Record cname) {
        Use use = CnameFlattening.target(cname).map(uses::get).orElse(null);
        if (use != null && --use.aliases == 0) {
            uses.remove(use.target.name());
            due.remove(use);
            redirected.remove(use);
            if (use.isWanted) {
                use.isWanted = false;
                counters.names.set(--wanted);
                isFullTold = false;
            }
        }
    }

    /** Also what the name leads on to, where it is a CNAME of ours. */
    private void want(Use use, int hops) {
        if (!use.isWanted) {
            if (wanted >= config.namesMax()) {
                counters.overLimit.increment();
                tellFull(use);
                return;
            }
            use.isWanted = true;
            counters.names.set(++wanted);
            dueAt(use, clock.millis());
        }
        if (hops < HOPS_MAX) {
            next(use.target.name()).map(uses::get).ifPresent(further -> {
                if (!further.isWanted) {
                    want(further, hops + 1);
                }
            });
        }
    }

    /** Once until there is room again: whoever asks for such names could fill the log. */
    private void tellFull(Use leftOut) {
        if (!isFullTold) {
            isFullTold = true;
            LOG.warn("{} is not looked up, nor are further names: {} are already", leftOut.target.name(), wanted);
        }
    }

    /** Where the CNAME at that name leads, if it is one of ours; a partial zone's are below the suffix. */
    private Optional<DomainName> next(DomainName name) {
        Optional<DomainName> host = answers.partialSuffix().flatMap(suffix -> suffix.host(name));
        DomainName ours = host.orElse(name);
        return seen.zoneOf(ours)
                .filter(zone -> host.isPresent() == isPartial(zone) && !CnameFlattening.isDelegated(zone, ours))
                .flatMap(zone -> CnameFlattening.recordsAt(zone, ours))
                .flatMap(CnameFlattening::cname)
                .flatMap(CnameFlattening::target);
    }

    private static boolean isPartial(ZoneState zone) {
        return zone.zone().type() == ZoneType.PARTIAL;
    }

    private void dueAt(Use use, long millis) {
        if (use.isWanted && use.asked.isPresent() && !use.isOpen) {
            due.remove(use);
            use.dueMillis = millis;
            due.add(use);
        }
    }

    private void tick() {
        try {
            hearMisses();
            if (areRedirectedOutdated) {
                areRedirectedOutdated = false;
                List.copyOf(redirected).forEach(this::reconsider);
            }
            lookUpDue();
            if (isDirty && clock.millis() - savedMillis >= SAVE_INTERVAL.toMillis()) {
                save();
            }
        } catch (RuntimeException e) {
            LOG.error("flattening failed", e);
        }
    }

    /** Walks over all names, so it is for the timer alone. */
    private void hearMisses() {
        long now = clock.millis();
        for (Use use : uses.values()) {
            if (use.target.takeMissed()) {
                want(use, 0);
                if (use.failures == 0 && isUnknown(use.target) && use.dueMillis > now) {
                    dueAt(use, now);
                }
            }
        }
    }

    private void lookUpDue() {
        long now = clock.millis();
        while (open < config.lookupsMax() && !due.isEmpty() && due.first().dueMillis <= now) {
            lookUp(due.removeFirst());
        }
    }

    private static boolean isUnknown(ExternalTarget target) {
        return target.learnt(Wire.TYPE_A) == null || target.learnt(Wire.TYPE_AAAA) == null;
    }

    private void lookUp(Use use) {
        DomainName name = use.asked.orElseThrow();
        open++;
        use.isOpen = true;
        dnsClient
                .ask(name, Wire.TYPE_A)
                .thenCombine(dnsClient.ask(name, Wire.TYPE_AAAA), List::of)
                .whenComplete((replies, failure) -> run(() -> hear(use, replies == null ? List.of() : replies)));
        counters.lookups.increment(); // those that have been asked about, not those about to be
    }

    private void hear(Use use, List<LookupResult> replies) {
        open--;
        use.isOpen = false;
        if (use.isOutdated) {
            use.isOutdated = false;
            dueAt(use, clock.millis());
        } else if (use.isWanted) { // else no CNAME has led there since it was asked about
            learn(use, replies);
        }
        lookUpDue();
    }

    /** Not so a partial zone's names, and those below a delegation: they mean what public DNS says. */
    private boolean isOurs(DomainName name) {
        boolean isBelowSuffix = answers.partialSuffix()
                .filter(suffix -> name.isAtOrBelow(suffix.name()))
                .isPresent();
        return isBelowSuffix
                || seen.zoneOf(name)
                        .filter(zone -> !isPartial(zone) && !CnameFlattening.isDelegated(zone, name))
                        .isPresent();
    }

    /** The name itself, or where DNAMEs of ours lead it, if that is outside our zones. */
    private Optional<DomainName> outside(DomainName name) {
        Optional<DomainName> at = Optional.of(name);
        for (int hop = 0; hop < HOPS_MAX && at.isPresent(); hop++) {
            if (!isOurs(at.get())) {
                return at;
            }
            at = redirected(at.get());
        }
        return Optional.empty();
    }

    /** Where a DNAME of our zone leads the name; empty where there is none. */
    private Optional<DomainName> redirected(DomainName name) {
        return seen.zoneOf(name)
                .filter(state -> !isPartial(state))
                .flatMap(zone -> Redirections.above(zone, name))
                .flatMap(dname -> Redirections.target(dname, name));
    }

    private static Optional<Record> dname(Optional<ZoneState> zone, DomainName name) {
        return zone.flatMap(state -> Redirections.at(state, name));
    }

    private void learn(Use use, List<LookupResult> replies) {
        long now = clock.millis();
        Set<String> reasons = new LinkedHashSet<>();
        long shortest = config.ttlMax().toMillis();
        for (int i = 0; i < replies.size(); i++) {
            LookupResult reply = replies.get(i);
            if (isCircle(use.target.name(), reply)) {
                counters.circles.increment();
                reasons.add("it leads back to itself");
            } else if (reply instanceof LookupResult.Failed(String why)) {
                reasons.add(why);
            } else {
                int seconds = ttlSeconds(reply);
                shortest = Math.min(
                        shortest, Math.max(seconds * 1000L, config.ttlMin().toMillis()));
                RrSet addresses = compiled(FAMILIES[i], reply);
                learn(use.target, FAMILIES[i], new Learnt(addresses, now + seconds * 1000L, seconds));
            }
        }
        boolean hasFailed = replies.isEmpty() || !reasons.isEmpty();
        if (hasFailed) {
            tell(use, reasons);
            counters.failures.increment();
            use.failures++;
        } else {
            use.failures = 0;
        }
        dueAt(use, now + (hasFailed ? retryMillis(use.failures) : jittered(shortest)));
    }

    private static void tell(Use use, Set<String> reasons) {
        if (use.failures == 0 && !reasons.isEmpty()) {
            LOG.warn("{}", told(use.target, reasons));
        }
    }

    /** What the log says of a name that could not be looked up: one line for both families. */
    static String told(ExternalTarget target, Set<String> reasons) {
        return "%s cannot be looked up: %s; %s"
                .formatted(
                        target.name(),
                        String.join("; ", reasons),
                        isUnknown(target)
                                ? "SERVFAIL is answered as long as nothing was learnt"
                                : "what was learnt last stays");
    }

    /** Whether the answer came by way of a CNAME of ours that leads to the very name: nothing outside stands behind it. */
    private boolean isCircle(DomainName target, LookupResult reply) {
        if (!(reply instanceof LookupResult.Records records)) {
            return false;
        }
        for (DomainName name : records.names()) {
            Optional<DomainName> at = Optional.of(name);
            for (int hop = 0; hop < HOPS_MAX && at.isPresent(); hop++) {
                at = next(at.get());
                if (at.filter(target::equals).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void learn(ExternalTarget target, int type, Learnt after) {
        Learnt before = target.learnt(type);
        if (before == null || !isSame(before, after)) {
            counters.changes.increment();
        }
        target.learn(type, after);
        isDirty = true;
    }

    private static boolean isSame(Learnt a, Learnt b) {
        List<byte[]> left = a.octets();
        List<byte[]> right = b.octets();
        boolean isSame = left.size() == right.size();
        for (int i = 0; isSame && i < left.size(); i++) {
            byte[] wanted = left.get(i);
            isSame = right.stream().anyMatch(other -> Arrays.equals(other, wanted));
        }
        return isSame;
    }

    private static @Nullable RrSet compiled(int type, LookupResult reply) {
        return reply instanceof LookupResult.Records records
                ? ExternalTargets.compiled(type, TTL_MAX, records.rdatas())
                : null;
    }

    /** The answer's own, which may be shorter than the time until it is asked for again. */
    private int ttlSeconds(LookupResult reply) {
        int seconds = switch (reply) {
            case LookupResult.Records records -> records.ttlSeconds();
            case LookupResult.NoData none -> none.ttlSeconds();
            case LookupResult.NoName none -> none.ttlSeconds();
            case LookupResult.Failed ignored -> 0;
        };
        return (int) Math.min(seconds, config.ttlMax().toSeconds());
    }

    private long retryMillis(int failures) {
        long doubled = config.retryMin().toMillis() << Math.min(failures - 1, 20);
        return jittered(Math.min(doubled, config.retryMax().toMillis()));
    }

    /** A little earlier, each time by another bit, so that names that were learnt together are not asked about together for ever. */
    private static long jittered(long millis) {
        return (long) (millis * ThreadLocalRandom.current().nextDouble(0.8, 0.95));
    }

    private void save() {
        config.file().ifPresent(file -> {
            try {
                KnownAddresses.write(file, targets.all());
            } catch (IOException e) {
                LOG.warn("what was learnt about names outside cannot be kept in {}: {}", file, e.getMessage());
            }
        });
        isDirty = false;
        savedMillis = clock.millis();
    }

    /** Lets go of the view, keeps what was learnt, and ends the thread. Blocks for the write of a file. */
    @Override
    public void close() {
        view.unfollow(this);
        run(() -> {
            if (isDirty) {
                save();
            }
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
