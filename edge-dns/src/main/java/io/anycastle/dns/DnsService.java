package io.anycastle.dns;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.view.CurrentTls;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.answer.ServiceParts;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.compile.HttpsRecords;
import io.anycastle.dns.compile.PartialHosts;
import io.anycastle.dns.compile.ZoneCompiler;
import io.anycastle.dns.guard.FloodedZone;
import io.anycastle.dns.guard.Guard;
import io.anycastle.dns.guard.GuardMaintenance;
import io.anycastle.dns.listen.Listeners;
import io.anycastle.dns.listen.Listeners.Endpoint;
import io.anycastle.dns.steer.CurrentSteering;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Authoritative DNS of a node, answering from its view. */
public final class DnsService {
    private final Vertx vertx;
    private final CurrentView view;
    private final PartialHosts compiler;
    private final DnsCounters counters;
    private final Listeners listeners;
    private final CurrentSteering steering;
    private final long steeringTimer;
    private final Guard guard;
    private final GuardMaintenance rounds;

    private DnsService(Vertx vertx, CurrentView view, PartialHosts compiler, ServiceParts parts, Listeners listeners) {
        this.vertx = vertx;
        this.view = view;
        this.compiler = compiler;
        counters = parts.counters();
        this.listeners = listeners;
        steering = parts.steering();
        steeringTimer = steering.checkMs() > 0 ? vertx.setPeriodic(0, steering.checkMs(), _ -> checkSteering()) : -1;
        guard = parts.guard();
        rounds = GuardMaintenance.start(vertx, guard, counters);
    }

    private void checkSteering() {
        vertx.executeBlocking(() -> {
            steering.checkFile();
            return true;
        });
    }

    /**
     * Compiles the view, then opens every listen address by UDP and TCP. Starts wholly or not at all.
     *
     * @return fails with {@link io.anycastle.core.failure.ListenException}, a sentence per problem
     */
    public static Future<DnsService> start(Vertx vertx, DnsConfig config, CurrentView view) {
        return start(
                vertx,
                config,
                view,
                new Sources(
                        CurrentSteering.anycast(config.answers()),
                        new ExternalTargets(),
                        new CurrentTls(),
                        new UnhealthyAddresses()));
    }

    /**
     * What answers are made from beside the view.
     *
     * @param steering the addresses of proxied names, which come and go; followed as long as the service answers
     * @param outside the addresses behind flattened CNAMEs, filled by whoever looks them up
     * @param tls what the proxy offers; followed as long as the service answers
     * @param unhealthy addresses that are not answered although records have them
     */
    public record Sources(
            CurrentSteering steering, ExternalTargets outside, CurrentTls tls, UnhealthyAddresses unhealthy) {}

    /** The same with what comes and goes without the view. */
    public static Future<DnsService> start(Vertx vertx, DnsConfig config, CurrentView view, Sources sources) {
        AnswerTable table = AnswerTable.empty();
        PartialHosts compiler = new PartialHosts(
                new ZoneCompiler(table, config.answers(), sources.outside(), sources.unhealthy()),
                config.answers().partialSuffix());
        ServiceParts parts = ServiceParts.of(config, table, sources.steering(), new DnsCounters());
        boolean hasHints = sources.steering().isFixed();
        sources.tls()
                .follow(offered -> table.https(offered.map(facts -> HttpsRecords.of(facts, config.answers(), hasHints))
                        .orElse(null)));
        return vertx.executeBlocking(() -> {
                    view.follow(compiler);
                    return Listeners.open(vertx, parts);
                })
                .compose(opening -> opening)
                .map(listeners -> new DnsService(vertx, view, compiler, parts, listeners))
                .recover(e -> unfollow(vertx, view, compiler).transform(_ -> Future.failedFuture(e)));
    }

    /** Closes all listeners and lets go of the view; completes when no query is answered any more. */
    public Future<Void> close() {
        vertx.cancelTimer(steeringTimer);
        rounds.stop();
        return listeners.close().transform(_ -> unfollow(vertx, view, compiler));
    }

    /** Waits for the view's writer, so not on an event loop. */
    private static Future<Void> unfollow(Vertx vertx, CurrentView view, PartialHosts compiler) {
        return vertx.executeBlocking(() -> {
                    view.unfollow(compiler);
                    return true;
                })
                .mapEmpty();
    }

    /** Where the service answers, by which transport and driver. */
    public List<Endpoint> listeners() {
        return listeners.endpoints();
    }

    /** Whether queries are answered wherever the service listens; not any more when a listener ended that nobody closed. Any thread. */
    public boolean isAnswering() {
        return listeners.isAnswering();
    }

    /** When the certificate ends that encrypted listeners show; empty without one. */
    public Optional<Instant> certificateExpires() {
        return listeners.certificateExpires();
    }

    public DnsCounters counters() {
        return counters;
    }

    /** The zones that are asked for many made-up names now, the worst first. */
    public List<FloodedZone> floodedZones() {
        return guard.randomLabels().zones();
    }
}
