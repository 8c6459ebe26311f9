package io.anycastle.dns.listen;

import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.steer.CurrentSteering;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All open doors of the service: each listen address by UDP and by TCP, a verticle for each socket. */
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final Vertx vertx;
    private final DnsConfig config;
    private final AnswerTable table;
    private final CurrentSteering steering;
    private final DnsCounters counters;
    private final AtomicInteger tcpConnections = new AtomicInteger();
    private final List<String> deployments = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    /**
     * A door that is open.
     *
     * @param driver how it is served: {@code ffm}, {@code epoll} or {@code nio} for UDP, {@code vertx} for TCP
     */
    public record Endpoint(InetSocketAddress address, Transport transport, String driver) {}

    /** What the listeners answer from and count into. */
    public record Service(DnsConfig config, AnswerTable table, CurrentSteering steering, DnsCounters counters) {}

    private Listeners(Vertx vertx, Service service) {
        this.vertx = vertx;
        config = service.config;
        table = service.table;
        steering = service.steering;
        counters = service.counters;
    }

    /**
     * Opens every door. Blocks for the trial of ports and driver; call it from a worker.
     *
     * @return fails with {@link CannotListen}, and then nothing is open
     */
    public static Future<Listeners> open(Vertx vertx, Service service) {
        ListenAddresses addresses = ListenAddresses.of(service.config.listen());
        if (!addresses.problems().isEmpty()) {
            return Future.failedFuture(new CannotListen(addresses.problems()));
        }
        DriverChoice choice = DriverChoice.of(service.config.udp().driver(), vertx.isNativeTransportEnabled());
        Optional<String> problem = choice.problem();
        if (problem.isPresent()) {
            return Future.failedFuture(new CannotListen(List.of(problem.get())));
        }
        Listeners listeners = new Listeners(vertx, service);
        return listeners.deployAll(addresses.addresses(), choice.driver()).map(listeners);
    }

    private Future<?> deployAll(List<InetSocketAddress> addresses, Driver driver) {
        UdpConfig udp = config.udp().withDriver(driver);
        // NIO sockets cannot share a port.
        int sockets = driver == Driver.NIO ? 1 : udp.threads();
        List<Future<?>> opening = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            for (int i = 0; i < sockets; i++) {
                opening.add(deploy(udpListener(address, udp)));
            }
            opening.add(deploy(new TcpListener(
                    address,
                    config.tcp(),
                    new Responder(table, steering, config, counters.lane()),
                    counters,
                    tcpConnections)));
            endpoints.add(new Endpoint(address, Transport.UDP, driver.name().toLowerCase(Locale.ROOT)));
            endpoints.add(new Endpoint(address, Transport.TCP, "vertx"));
        }
        return Future.join(opening)
                .onSuccess(_ -> LOG.info("DNS on {} (UDP driver {})", addresses, driver))
                .recover(_ -> close().transform(_ -> Future.failedFuture(new CannotListen(causes(opening)))));
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
        Responder responder = new Responder(table, steering, config, lane);
        return udp.driver() == Driver.FFM
                ? new FfmUdp(address, udp, responder, lane)
                : new NettyUdp(address, udp, responder, lane);
    }

    private Future<?> deploy(Listener listener) {
        return vertx.deployVerticle(new DnsVerticle(listener)).onSuccess(id -> {
            synchronized (deployments) {
                deployments.add(id);
            }
        });
    }

    /** The open doors, in the order of the configuration. */
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /** Closes every door; completes when no query is answered any more. */
    public Future<?> close() {
        List<String> open;
        synchronized (deployments) {
            open = List.copyOf(deployments);
            deployments.clear();
        }
        return Future.join(open.stream().map(vertx::undeploy).toList());
    }
}
