package io.anycastle.app.metrics;

import io.anycastle.core.store.StoreStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Publishes what DNS, proxy, store, resolver and the tunnel between nodes count. Made once the node serves, so that it costs the start nothing; any thread. */
public final class NodeMetrics implements AutoCloseable {
    /** Where the numbers come from. */
    public record Sources(
            Supplier<Map<String, Long>> dns,
            Supplier<Map<String, Long>> proxy,
            Supplier<Map<String, Long>> store,
            Supplier<Map<String, Long>> tunnel,
            Supplier<Map<String, Long>> resolver,
            Supplier<Map<String, Long>> checks,
            Supplier<StoreStatus> status,
            Supplier<Optional<Instant>> dnsCertificateExpires,
            String version) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final Sources sources;

    public NodeMetrics(Sources sources) {
        this.sources = sources;
        sources.dns().get().keySet().forEach(this::dnsCounter);
        sources.proxy().get().keySet().forEach(this::proxyCounter);
        sources.store().get().keySet().forEach(this::storeCounter);
        sources.tunnel().get().keySet().forEach(this::tunnelCounter);
        sources.resolver().get().keySet().forEach(this::resolverCounter);
        sources.checks().get().keySet().forEach(this::checkCounter);
        store("anycastle.zones", "Zones that the node holds", StoreStatus::zones);
        store("anycastle.records", "Records that the node holds", StoreStatus::records);
        store("anycastle.cluster.members", "Nodes in the cluster, 0 before it is joined", StoreStatus::members);
        store("anycastle.cluster.joined", "Whether writes are taken", status -> status.joined() ? 1 : 0);
        store("anycastle.journal.bytes", "Append log since its last snapshot", StoreStatus::journalBytes);
        Gauge.builder(
                        "anycastle.dns.tls.certificate.expiry.seconds",
                        sources.dnsCertificateExpires(),
                        NodeMetrics::seconds)
                .description("When the certificate of encrypted DNS ends, since the epoch; NaN without one")
                .register(registry);
        Gauge.builder("anycastle.build.info", () -> 1)
                .description("The version that runs")
                .tag("version", sources.version())
                .register(registry);
        jvm();
    }

    private void jvm() {
        new JvmMemoryMetrics().bindTo(registry);
        garbage.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** {@code answers.udp.noerror} becomes {@code anycastle_dns_answers_total{transport="udp",rcode="noerror"}}. */
    private void dnsCounter(String name) {
        String[] words = name.split("\\.");
        if (words.length == 3) {
            counter(
                    "anycastle.dns." + words[0],
                    Tags.of("transport", words[1], "rcode", words[2]),
                    sources.dns(),
                    name);
        } else {
            counter("anycastle.dns." + name, Tags.empty(), sources.dns(), name);
        }
    }

    /** {@code answers_2xx}, {@code error_521} and {@code tls_handshakes_13} become labels; what stands open is a gauge. */
    private void proxyCounter(String name) {
        if (name.equals("connections_open")) {
            Gauge.builder("anycastle.proxy.connections.open", () -> value(sources.proxy(), name))
                    .description("Client connections that stand now")
                    .register(registry);
        } else if (name.startsWith("answers_")) {
            Tags tags = Tags.of("status", name.substring("answers_".length()));
            counter("anycastle.proxy.answers", tags, sources.proxy(), name);
        } else if (name.startsWith("tls_handshakes_1")) {
            Tags tags = Tags.of("version", name.endsWith("3") ? "1.3" : "1.2");
            counter("anycastle.proxy.tls.handshakes", tags, sources.proxy(), name);
        } else if (name.startsWith("error_")) {
            counter(
                    "anycastle.proxy.errors",
                    Tags.of("code", name.substring("error_".length())),
                    sources.proxy(),
                    name);
        } else {
            counter("anycastle.proxy." + name.replace('_', '.'), Tags.empty(), sources.proxy(), name);
        }
    }

    private void storeCounter(String name) {
        counter("anycastle." + name.replace('_', '.'), Tags.empty(), sources.store(), name);
    }

    /** {@code checks.ours} becomes {@code anycastle_zone_checks_total{result="ours"}}. */
    private void checkCounter(String name) {
        String[] words = name.split("\\.");
        Tags tags = words.length == 2 ? Tags.of("result", words[1]) : Tags.empty();
        counter("anycastle.zone." + words[0], tags, sources.checks(), name);
    }

    /** The names that flattening keeps learnt are a gauge. */
    private void resolverCounter(String name) {
        if (name.equals("flatten_names")) {
            Gauge.builder("anycastle.flatten.names", () -> value(sources.resolver(), name))
                    .description("Names outside the zones that flattened CNAMEs lead to")
                    .register(registry);
            return;
        }
        counter("anycastle." + name.replace('_', '.'), Tags.empty(), sources.resolver(), name);
    }

    /** What stands open is a gauge. */
    private void tunnelCounter(String name) {
        if (name.equals("connections_open")) {
            Gauge.builder("anycastle.tunnel.connections.open", () -> value(sources.tunnel(), name))
                    .description("Connections between nodes that stand now")
                    .register(registry);
        } else {
            counter("anycastle.tunnel." + name.replace('_', '.'), Tags.empty(), sources.tunnel(), name);
        }
    }

    private void counter(String metric, Tags tags, Supplier<Map<String, Long>> source, String name) {
        FunctionCounter.builder(metric, source, counts -> value(counts, name))
                .tags(tags)
                .register(registry);
    }

    private static double value(Supplier<Map<String, Long>> source, String name) {
        return source.get().getOrDefault(name, 0L);
    }

    private static double seconds(Supplier<Optional<Instant>> moment) {
        return moment.get().map(at -> (double) at.getEpochSecond()).orElse(Double.NaN);
    }

    private void store(String metric, String description, ToDoubleFunction<StoreStatus> value) {
        Gauge.builder(metric, sources.status(), status -> value.applyAsDouble(status.get()))
                .description(description)
                .register(registry);
    }

    /** All of it as text, format 0.0.4. */
    public String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
