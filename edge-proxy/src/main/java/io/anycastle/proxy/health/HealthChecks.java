package io.anycastle.proxy.health;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.HealthCheck;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.CurrentView;
import io.anycastle.core.view.ViewChange;
import io.anycastle.core.view.ViewListener;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.origin.AddressGuard;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginCheck;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginTls;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the origins that have a health check: those of proxied names, and the addresses of DNS-only names. Each node checks all of them for
 * itself, at its own times; an origin is out when most of the serving nodes that have checked it within two intervals found it down, this
 * node among them, and comes back the same way. A node that reaches no other goes by what it finds itself.
 *
 * <p>An origin of a proxied name that is out gets no requests as long as another is left; an address of a DNS-only name leaves the answers,
 * the last one of its family excepted.
 */
public final class HealthChecks implements ViewListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
    private static final long TICK_MS = 100;
    private static final long FIRST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** By how much the time between two checks differs, up and down. */
    private static final double JITTER = 0.1;

    private final Dependencies parts;
    private volatile Rules rules;
    private final RateLimitedLog log = new RateLimitedLog(LOG, InstantSource.system());
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().name("health-checks").daemon().unstarted(work));
    /** By key; written by the thread alone. */
    private final Map<Long, Watch> watches = new ConcurrentHashMap<>();

    /** From here on of the thread alone. */
    private final Map<DomainName, CheckedName> names = new HashMap<>();

    private final Map<DomainName, Set<DomainName>> namesOfZones = new HashMap<>();
    private final PriorityQueue<Watch> due =
            new PriorityQueue<>((one, other) -> Long.signum(one.dueNanos - other.dueNanos));
    private final Map<String, Heard> reports = new HashMap<>();
    private int running;
    private boolean isAsking;
    private long askNanos;

    /**
     * What the checks stand on.
     *
     * @param unhealthy where addresses go that DNS-only names do not answer
     */
    public record Dependencies(
            CurrentView view,
            OriginAddresses addresses,
            ProxyCounters counters,
            UnhealthyAddresses unhealthy,
            HealthPeers peers) {}

    /** What the configuration says. */
    private record Rules(HealthConfig config, AddressGuard guard, ProbeFactory probes, Prober prober) {}

    /** What a node told, and when. */
    private record Heard(HealthReport report, long atNanos) {}

    private HealthChecks(Dependencies parts, Rules rules) {
        this.parts = parts;
        this.rules = rules;
    }

    /**
     * Checks that have not begun.
     *
     * @param guard decides which addresses may be checked
     * @param tls what checks over TLS go by
     */
    public static HealthChecks of(
            Vertx vertx,
            HealthConfig config,
            OriginConfig origins,
            AddressGuard guard,
            OriginTls tls,
            Dependencies parts) {
        return new HealthChecks(parts, rules(vertx, config, origins, guard, tls));
    }

    private static Rules rules(
            Vertx vertx, HealthConfig config, OriginConfig origins, AddressGuard guard, OriginTls tls) {
        return new Rules(
                config, guard, new ProbeFactory(config, origins), new WebClientProber(vertx, tls, config.bodyMax()));
    }

    /** Goes by another configuration from now on; what is known of origins stays. Any thread. */
    public void change(Vertx vertx, HealthConfig config, OriginConfig origins, AddressGuard guard, OriginTls tls) {
        rules = rules(vertx, config, origins, guard, tls);
        run(this::planAgain);
    }

    /** Follows the view and checks from now on. Blocks for as long as the view is written. */
    public void start() {
        parts.view().follow(this);
        thread.scheduleWithFixedDelay(() -> guarded(this::tick), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    // ---- what others read; any thread

    /** What the checks of one of an owner's origins find. */
    public OriginCheck of(DomainName owner, ProxySettings zone, OriginSettings said, InetAddress address) {
        HealthCheck check = said.healthCheck().orElseThrow();
        return new Found(
                this, rules.probes.probe(owner, zone, said, check, address).key());
    }

    /** As the checks go on; there may be none yet. */
    private record Found(HealthChecks checks, long key) implements OriginCheck {
        @Override
        public boolean isOut() {
            Watch watch = checks.watches.get(key);
            return watch != null && watch.isOut();
        }

        @Override
        public long changedNanos(long never) {
            Watch watch = checks.watches.get(key);
            return watch == null ? never : watch.changedNanos(never);
        }
    }

    /** What this node tells the others. */
    public byte[] report() {
        long now = System.nanoTime();
        Map<Long, HealthReport.Finding> findings = new HashMap<>();
        watches.forEach((key, watch) -> findings.put(key, watch.finding(now)));
        return new HealthReport(parts.peers().isServing(), findings).encoded();
    }

    /** All that is checked, those first that are out, then those that are down here. */
    public List<HealthStatus> status() {
        long now = System.nanoTime();
        return watches.values().stream()
                .map(watch -> watch.status(now))
                .sorted(Comparator.comparing((HealthStatus status) -> !status.isOut())
                        .thenComparing(HealthStatus::here)
                        .thenComparing(HealthStatus::check))
                .toList();
    }

    // ---- what is to be checked

    @Override
    public Runnable prepare(ViewChange change) {
        return () -> run(() -> follow(change));
    }

    private void run(Runnable work) {
        try {
            thread.execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("health checks are closed", e);
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("health checks failed", e);
        }
    }

    private void follow(ViewChange change) {
        Set<DomainName> known = Set.copyOf(namesOfZones.getOrDefault(change.zone(), Set.of()));
        Optional<ZoneState> after = change.after();
        if (after.isEmpty()) {
            known.forEach(this::forget);
            return;
        }
        ZoneState zone = after.get();
        boolean isWhole = change.before()
                .filter(before -> before.proxySettings().equals(zone.proxySettings()))
                .isEmpty();
        if (!isWhole) {
            change.names().forEach(name -> plan(zone, name));
            return;
        }
        known.forEach(name -> plan(zone, name));
        for (NameRecords at : zone.names().values()) { // there may be a million, and no check
            if (CheckedName.isChecked(at, zone.proxySettings())) {
                plan(zone, at.name());
            }
        }
    }

    private void plan(ZoneState zone, DomainName name) {
        Optional<NameRecords> at = zone.at(name);
        CheckedName before = names.get(name);
        if (before != null
                && at.filter(records -> before.isAs(records, zone.proxySettings()))
                        .isPresent()) {
            return;
        }
        CheckedName now = at.map(records -> CheckedName.of(records, zone.zone().name(), zone.proxySettings()))
                .filter(checked -> !checked.records().isEmpty())
                .orElse(null);
        if (now == null) {
            forget(name);
            return;
        }
        names.put(name, now);
        namesOfZones.computeIfAbsent(now.zone(), added -> new HashSet<>()).add(name);
        now.records().forEach(record -> begin(now, record, before));
        if (before != null) { // not before: what both watch goes on
            before.records().forEach(record -> watches(before, record, List.of()));
        }
        answer(now);
    }

    /** A probe that another configuration makes otherwise keeps what is known under its key. */
    private void planAgain() {
        for (CheckedName name : List.copyOf(names.values())) {
            for (CheckedRecord record : name.records()) {
                Map<InetAddress, Watch> before = record.watches;
                watches(name, record, List.copyOf(before.keySet()));
            }
        }
    }

    private void forget(DomainName name) {
        CheckedName known = names.remove(name);
        if (known == null) {
            return;
        }
        known.records().forEach(record -> watches(known, record, List.of()));
        namesOfZones.computeIfPresent(known.zone(), (same, all) -> {
            all.remove(name);
            return all.isEmpty() ? null : all;
        });
        show(known, Set.of());
    }

    /** Watches what is known of a record's addresses. */
    private void begin(CheckedName name, CheckedRecord record, @Nullable CheckedName before) {
        if (!record.isAlias()) {
            watches(name, record, List.of(address(record.record)));
            return;
        }
        if (before != null) {
            before.records().stream()
                    .filter(known -> known.record.content().equals(record.record.content()))
                    .findFirst()
                    .ifPresent(known -> watches(name, record, List.copyOf(known.watches.keySet())));
        }
        lookUp(name, record);
    }

    private static InetAddress address(Record record) {
        try {
            return InetAddress.getByAddress(record.rdata().wire());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a stored " + record.type() + " record holds no address", e);
        }
    }

    private void lookUp(CheckedName name, CheckedRecord record) {
        record.lookUpNanos = System.nanoTime() + rules.config.interval().toNanos();
        parts.addresses()
                .find(record.record, record.owner)
                .onComplete(found -> run(() -> {
                    boolean isCurrent = name.equals(names.get(record.owner));
                    if (isCurrent && found.succeeded()) { // what was found last stays otherwise
                        watches(name, record, found.result());
                    }
                }));
    }

    /** Sets which addresses are watched for a record. */
    private void watches(CheckedName name, CheckedRecord record, List<InetAddress> addresses) {
        Map<InetAddress, Watch> next = new LinkedHashMap<>();
        for (InetAddress address : addresses) {
            HealthProbe probe = rules.probes.probe(record.owner, name.settings(), record.said, record.check, address);
            watch(probe).ifPresent(watch -> next.put(address, watch));
        }
        Map<InetAddress, Watch> before = record.watches;
        record.watches = next;
        next.values().forEach(watch -> watch.users.add(record));
        for (Watch watch : before.values()) {
            if (!next.containsValue(watch)) {
                watch.users.remove(record);
            }
            if (watch.users.isEmpty()) {
                watches.remove(watch.probe.key());
                due.remove(watch);
            }
        }
    }

    private Optional<Watch> watch(HealthProbe probe) {
        Watch known = watches.get(probe.key());
        if (known != null) {
            known.probe = probe;
            return Optional.of(known);
        }
        if (watches.size() >= rules.config.checksMax()) {
            parts.counters().count(Event.HEALTH_CHECKS_OMITTED);
            log.warn(
                    "full",
                    "more origins have health checks than health.checks-max allows: " + probe.text()
                            + " is not checked");
            return Optional.empty();
        }
        Watch made = new Watch(probe);
        made.dueNanos = System.nanoTime()
                + ThreadLocalRandom.current().nextLong(Math.min(FIRST_WITHIN_NANOS, made.intervalNanos()));
        watches.put(probe.key(), made);
        due.add(made);
        return Optional.of(made);
    }

    // ---- checking

    private void tick() {
        long now = System.nanoTime();
        for (CheckedName name : List.copyOf(names.values())) {
            for (CheckedRecord record : name.records()) {
                if (record.isAlias() && record.lookUpNanos - now <= 0) {
                    lookUp(name, record);
                }
            }
        }
        while (running < rules.config.runningMax() && !due.isEmpty() && due.peek().dueNanos - now <= 0) {
            begin(due.remove());
        }
        if (!watches.isEmpty() && !isAsking && askNanos - now <= 0) {
            ask();
        }
    }

    private void begin(Watch watch) {
        var target = watch.probe.target();
        if (rules.guard.rule(target.address(), target.port()) != AddressGuard.Ruling.ALLOWED) {
            watch.checked(Health.UNKNOWN, "the edge does not connect to this address", System.nanoTime());
            again(watch);
            return;
        }
        running++;
        watch.triesLeft = watch.probe.retries();
        probe(watch);
    }

    private void probe(Watch watch) {
        parts.counters().count(Event.HEALTH_CHECKS);
        rules.prober.probe(watch.probe).whenComplete((result, failure) -> run(() -> tried(watch, result)));
    }

    private void tried(Watch watch, Prober.Result result) {
        boolean isWatched = watches.get(watch.probe.key()) == watch;
        if (!result.isUp()) {
            parts.counters().count(Event.HEALTH_CHECKS_FAILED);
            if (isWatched && watch.triesLeft-- > 0) {
                probe(watch);
                return;
            }
        }
        running--;
        if (!isWatched) {
            return;
        }
        Health before = watch.verdict();
        watch.checked(result.isUp() ? Health.UP : Health.DOWN, result.reason(), System.nanoTime());
        if (watch.verdict() != before) {
            tell(watch, before);
        }
        decide(watch);
        again(watch);
    }

    private void tell(Watch watch, Health before) {
        if (watch.verdict() == Health.DOWN) {
            log.warn(
                    "down " + watch.probe.text(),
                    "health check of " + watch.probe.text() + " failed: " + watch.reason());
        } else if (before == Health.DOWN) {
            log.info("up " + watch.probe.text(), "health check of " + watch.probe.text() + " succeeds again");
        }
    }

    private void again(Watch watch) {
        double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        watch.dueNanos = System.nanoTime() + (long) (watch.intervalNanos() * jitter);
        due.add(watch);
    }

    // ---- what the nodes find together

    private void ask() {
        isAsking = true;
        Thread.ofVirtual().name("health-exchange").start(() -> {
            Map<String, HealthReport> heard = new HashMap<>();
            try {
                parts.peers()
                        .reports()
                        .forEach((node, octets) -> read(node, octets).ifPresent(report -> heard.put(node, report)));
            } catch (RuntimeException e) {
                LOG.debug("the other nodes cannot be asked about health checks", e);
            }
            run(() -> hear(heard));
        });
    }

    private static Optional<HealthReport> read(String node, byte[] octets) {
        try {
            return octets.length == 0 ? Optional.empty() : Optional.of(HealthReport.decode(octets));
        } catch (IOException e) {
            LOG.debug("node {} tells of its health checks what cannot be read", node, e);
            return Optional.empty();
        }
    }

    /** A node that did not answer counts by what it told last, until that is too old. */
    private void hear(Map<String, HealthReport> heard) {
        long now = System.nanoTime();
        isAsking = false;
        askNanos = now + rules.config.exchangeInterval().toNanos();
        heard.forEach((node, report) -> reports.put(node, new Heard(report, now)));
        long oldest = 2 * TimeUnit.SECONDS.toNanos(HealthCheck.INTERVAL_MAX);
        reports.values().removeIf(report -> now - report.atNanos > oldest);
        List.copyOf(watches.values()).forEach(this::decide);
    }

    private void decide(Watch watch) {
        if (!watch.isChecked) {
            return; // where few nodes have checked yet, one with a broken path would speak for all
        }
        long now = System.nanoTime();
        long intervalMs = watch.probe.interval().toMillis();
        Votes votes = Votes.NONE.with(watch.finding(now), intervalMs);
        for (Heard node : reports.values()) {
            HealthReport.Finding finding =
                    node.report.isServing() ? node.report.findings().get(watch.probe.key()) : null;
            if (finding != null) {
                long age = finding.ageMs() + TimeUnit.NANOSECONDS.toMillis(now - node.atNanos);
                votes = votes.with(
                        new HealthReport.Finding(finding.verdict(), (int) Math.min(age, Integer.MAX_VALUE)),
                        intervalMs);
            }
        }
        if (watch.decide(votes, now)) {
            changed(watch);
        }
    }

    private void changed(Watch watch) {
        String by = watch.votes().down() + " of "
                + (watch.votes().up() + watch.votes().down()) + " nodes find it down";
        if (watch.isOut()) {
            parts.counters().count(Event.HEALTH_ORIGINS_OUT);
            LOG.warn(
                    "{} is out: {}{}",
                    watch.probe.text(),
                    by,
                    watch.reason().isEmpty() ? "" : "; here: " + watch.reason());
        } else {
            parts.counters().count(Event.HEALTH_ORIGINS_BACK);
            LOG.info("{} is back: {}", watch.probe.text(), by);
        }
        watch.users.stream()
                .map(record -> record.owner)
                .distinct()
                .toList()
                .forEach(name -> Optional.ofNullable(names.get(name)).ifPresent(this::answer));
    }

    // ---- DNS

    private void answer(CheckedName name) {
        show(name, name.leaving());
    }

    private void show(CheckedName name, Set<InetAddress> out) {
        DomainName owner = name.at().name();
        if (parts.unhealthy().set(owner, out)) {
            parts.view().refresh(name.zone(), Set.of(owner));
        }
    }

    /** Lets go of the view and ends the thread; a check under way is heard by nobody, and what is out of answers stays so. */
    @Override
    public void close() {
        parts.view().unfollow(this);
        thread.shutdownNow();
    }
}
