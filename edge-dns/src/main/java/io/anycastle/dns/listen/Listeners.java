package io.anycastle.dns.listen;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.tls.TlsWarmUp;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.TcpConfig;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.ServiceParts;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.InvalidCertificateException;
import io.anycastle.dns.tls.LiveCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All open listeners of the service: each listen address by UDP, by TCP, in TLS and over HTTPS, a verticle for each event loop's share. */
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** Connections that the system may hold until they are taken. */
    static final int ACCEPT_BACKLOG = 4096;

    /** How long clients may take the last answers when a listener closes. */
    static final long LAST_ANSWERS_MS = 500;

    private static final List<String> DOT_PROTOCOLS = List.of("dot");
    static final Set<String> TLS_VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

    private final Vertx vertx;
    private final ServiceParts service;
    private final DnsConfig config;
    private final DnsCounters counters;
    private final Optional<LiveCertificate> certificate;
    private final List<String> deployments = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /**
     * A listener that is open.
     *
     * @param driver how it is served: {@code ffm}, {@code epoll} or {@code nio} for UDP, {@code vertx} for the others
     * @param certificate what it shows, if it speaks TLS
     */
    public record Endpoint(
            InetSocketAddress address, Transport transport, String driver, Optional<LiveCertificate> certificate) {}

    /** How streams are served, and what they count into. */
    record Streams(TcpConfig config, Connections connections, DnsCounters counters) {
        private static final int CHECKS_PER_TIMEOUT = 4;
        private static final long CHECK_MS_MIN = 10;

        /** Looks for the idle often enough for the shortest time that they may have. */
        void checkIdle(Vertx vertx, Runnable closeIdle) {
            long checkMs = TimeUnit.NANOSECONDS.toMillis(connections.idleNanosMin()) / CHECKS_PER_TIMEOUT;
            vertx.setPeriodic(Math.max(CHECK_MS_MIN, checkMs), _ -> closeIdle.run());
        }
    }

    /** Where to listen, every port known. */
    private record Places(
            List<InetSocketAddress> plain,
            List<InetSocketAddress> tls,
            List<InetSocketAddress> https,
            List<InetSocketAddress> cleartext) {
        boolean isEncrypted() {
            return !tls.isEmpty() || !https.isEmpty();
        }
    }

    private Listeners(Vertx vertx, ServiceParts service, Optional<LiveCertificate> certificate) {
        this.vertx = vertx;
        this.service = service;
        config = service.config();
        counters = service.counters();
        this.certificate = certificate;
    }

    /**
     * Opens every listener. Blocks for the trial of ports and driver; call it from a worker.
     *
     * @return fails with {@link ListenException}, and then nothing is open
     */
    public static Future<Listeners> open(Vertx vertx, ServiceParts service) {
        List<String> problems = new ArrayList<>();
        Places places = places(service.config(), problems);
        Optional<LiveCertificate> certificate = certificate(vertx, service, problems);
        DriverChoice choice = DriverChoice.of(service.config().udp().driver(), vertx.isNativeTransportEnabled());
        choice.problem().ifPresent(problems::add);
        if (!problems.isEmpty()) {
            return Future.failedFuture(new ListenException(problems));
        }
        Listeners listeners = new Listeners(vertx, service, certificate);
        return listeners.deployAll(places, choice.driver()).map(listeners);
    }

    private static Places places(DnsConfig config, List<String> problems) {
        boolean isEncrypted = config.tls().certificate().isPresent();
        try (ListenAddresses addresses = new ListenAddresses()) {
            Places places = new Places(
                    addresses.forDatagramsAndStreams(config.listen()),
                    addresses.forStreams(isEncrypted ? config.tls().listen() : List.of()),
                    addresses.forStreams(isEncrypted ? config.https().listen() : List.of()),
                    addresses.forStreams(config.https().cleartextListen()));
            problems.addAll(addresses.problems());
            return places;
        }
    }

    private static Optional<LiveCertificate> certificate(Vertx vertx, ServiceParts service, List<String> problems) {
        try {
            return service.config()
                    .tls()
                    .certificate()
                    .map(files -> LiveCertificate.read(vertx, files, service.counters()));
        } catch (InvalidCertificateException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Future<?> deployAll(Places places, Driver driver) {
        List<Future<?>> opening = new ArrayList<>();
        opening.addAll(deployPlain(places.plain, driver));
        certificate.filter(_ -> places.isEncrypted()).ifPresent(Listeners::load);
        opening.addAll(deployEncrypted(places));
        return Future.join(opening)
                .onSuccess(_ -> LOG.info(
                        "DNS on {} (UDP driver {}), in TLS on {}, over HTTPS on {}",
                        places.plain,
                        driver,
                        places.tls,
                        places.https))
                .onSuccess(_ -> certificate.filter(_ -> places.isEncrypted()).ifPresent(this::warmUp))
                .recover(_ -> close().transform(_ -> Future.failedFuture(new ListenException(causes(opening)))));
    }

    /** Blocks, while plain DNS answers already; that nobody can shake hands with these keys is told by the {@link HandshakeWarmUp}. */
    private static void load(LiveCertificate shown) {
        try {
            TlsWarmUp.load(new KeyManager[] {shown.keys()});
        } catch (GeneralSecurityException e) {
            LOG.debug("TLS was not loaded beforehand", e);
        }
    }

    private void warmUp(LiveCertificate shown) {
        HandshakeWarmUp.of(dotOptions(shown))
                .onFailure(e -> LOG.warn("DNS in TLS may not work with its certificate: {}", e.toString()));
    }

    private List<Future<?>> deployPlain(List<InetSocketAddress> addresses, Driver driver) {
        UdpConfig udp = config.udp().withDriver(driver);
        // NIO sockets cannot share a port.
        int sockets = driver == Driver.NIO ? 1 : udp.threads();
        Streams streams = streams(config.tcp().connectionsMax());
        List<Future<?>> opening = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            for (int i = 0; i < sockets; i++) {
                opening.add(deploy(udpListener(address, udp)));
            }
            opening.addAll(deployStreams(address, streams, Optional.empty()));
            endpoints.add(
                    new Endpoint(address, Transport.UDP, driver.name().toLowerCase(Locale.ROOT), Optional.empty()));
            endpoints.add(new Endpoint(address, Transport.TCP, "vertx", Optional.empty()));
        }
        return opening;
    }

    /** TLS and HTTPS have one limit of connections, because it is TLS that makes them dear. */
    private List<Future<?>> deployEncrypted(Places places) {
        Streams streams = streams(config.tls().connectionsMax());
        List<Future<?>> opening = new ArrayList<>();
        certificate.ifPresent(shown -> {
            Optional<TcpListener.Tls> dot =
                    Optional.of(new TcpListener.Tls(dotOptions(shown), AnyNameTls.lenient(shown, DOT_PROTOCOLS)));
            for (InetSocketAddress address : places.tls) {
                opening.addAll(deployStreams(address, streams, dot));
                endpoints.add(new Endpoint(address, Transport.DOT, "vertx", certificate));
            }
            opening.addAll(deployHttps(
                    places.https,
                    streams,
                    Optional.of(DohListener.Tls.of(shown, config.tls().handshakeTimeout()))));
            shown.watch(config.tls().reloadInterval());
        });
        opening.addAll(deployHttps(places.cleartext, streams, Optional.empty()));
        return opening;
    }

    private List<Future<?>> deployHttps(
            List<InetSocketAddress> addresses, Streams streams, Optional<DohListener.Tls> tls) {
        List<Future<?>> opening = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            for (int i = 0; i < config.tcp().threads(); i++) {
                opening.add(deploy(new DohListener(address, config.https(), streams, responder(counters.lane()), tls)));
            }
            String driver = tls.isPresent() ? "vertx" : "vertx, cleartext";
            endpoints.add(new Endpoint(address, Transport.DOH, driver, tls.map(DohListener.Tls::certificate)));
        }
        return opening;
    }

    private Streams streams(int connectionsMax) {
        TcpConfig tcp = config.tcp();
        return new Streams(
                tcp, new Connections(connectionsMax, tcp, service.guard().connections(), counters), counters);
    }

    private List<Future<?>> deployStreams(InetSocketAddress address, Streams streams, Optional<TcpListener.Tls> tls) {
        List<Future<?>> opening = new ArrayList<>();
        for (int i = 0; i < config.tcp().threads(); i++) {
            opening.add(deploy(new TcpListener(address, streams, responder(counters.lane()), tls)));
        }
        return opening;
    }

    private ServerSSLOptions dotOptions(LiveCertificate shown) {
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(KeyCertOptions.wrap(shown.keys()))
                .setUseAlpn(true)
                .setApplicationLayerProtocols(DOT_PROTOCOLS)
                .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                .setSslHandshakeTimeout(config.tls().handshakeTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        return options;
    }

    private static List<String> causes(List<Future<?>> opening) {
        return opening.stream()
                .filter(Future::failed)
                .map(f -> String.valueOf(f.cause().getMessage()))
                .distinct()
                .toList();
    }

    private Listener udpListener(InetSocketAddress address, UdpConfig udp) {
        DnsCounters.Lane lane = counters.lane();
        Responder responder = responder(lane);
        return udp.driver() == Driver.FFM
                ? new FfmUdp(address, udp, responder, lane)
                : new NettyUdp(address, udp, responder, lane);
    }

    private Responder responder(DnsCounters.Lane lane) {
        return new Responder(service, lane);
    }

    private Future<?> deploy(Listener listener) {
        listeners.add(listener);
        return vertx.deployVerticle(new DnsVerticle(listener)).onSuccess(id -> {
            synchronized (deployments) {
                deployments.add(id);
            }
        });
    }

    /** When the certificate ends that encrypted listeners show; empty without one. */
    public Optional<Instant> certificateExpires() {
        return certificate.map(LiveCertificate::expires);
    }

    /** The open listeners, in the order of the configuration. */
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /** Whether every listener is answered at; any thread. */
    public boolean isAnswering() {
        return listeners.stream().allMatch(Listener::isAnswering);
    }

    /** Closes every listener; completes when no query is answered any more. */
    public Future<?> close() {
        certificate.ifPresent(LiveCertificate::close);
        List<String> open;
        synchronized (deployments) {
            open = List.copyOf(deployments);
            deployments.clear();
        }
        return Future.join(open.stream().map(vertx::undeploy).toList());
    }
}
