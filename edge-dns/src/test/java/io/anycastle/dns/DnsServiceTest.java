package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.limit.Networks;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;

/** The service as a client sees it, through real sockets and each driver on its own. */
class DnsServiceTest {
    private static final String[] RECORDS = {"www 300 A 192.0.2.1", "proxied blog 1 A 192.0.2.2"};

    @AutoClose
    private ServedZone served = new ServedZone(RECORDS);

    @ParameterizedTest
    @EnumSource(Driver.class)
    void a_driver_answers_over_both_families_and_both_transports(Driver driver) throws Exception {
        DnsService service = start(driver, ServedZone.BOTH_FAMILIES);
        assertThat(service.listeners()).hasSize(4);
        for (var endpoint : service.listeners()) {
            Message answer =
                    resolver(endpoint.address(), endpoint.transport()).send(Asking.query("www.example.com.", "A"));
            assertThat(Asking.tell(answer)).isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
        }
        assertThat(service.counters().read())
                .containsEntry("answers.udp.noerror", 2L)
                .containsEntry("answers.tcp.noerror", 2L);
        ServedZone.await(service.close());
    }

    @ParameterizedTest
    @EnumSource(Driver.class)
    void each_network_of_clients_has_a_limit_of_its_own(Driver driver) throws Exception {
        GuardConfig guard = GuardConfig.DEFAULTS
                .withNetworks(new Networks(24, 56, List.of()))
                .withRateLimit(RateLimitConfig.DEFAULTS.withRates(5).withSlip(1));
        DnsService service = start(driver, ServedZone.BOTH_FAMILIES, guard);
        for (var endpoint : service.listeners()) {
            boolean datagrams = endpoint.transport() == Transport.UDP;
            boolean ipv6 = endpoint.address().getAddress() instanceof java.net.Inet6Address;
            for (String client : ipv6 ? List.of("::1") : List.of("127.0.1.9", "127.0.2.9")) {
                SimpleResolver resolver = (SimpleResolver) resolver(endpoint.address(), endpoint.transport());
                resolver.setLocalAddress(InetAddress.ofLiteral(client));
                resolver.setIgnoreTruncation(true);
                int shortened = 0;
                for (int i = 0; i < 20; i++) {
                    Message answer = resolver.send(Asking.query("www.example.com.", "A"));
                    shortened += answer.getHeader().getFlag(Flags.TC) ? 1 : 0;
                }
                // A slow machine takes longer than a second for them.
                assertThat(shortened).as(endpoint + " " + client).isBetween(datagrams ? 1 : 0, datagrams ? 15 : 0);
            }
        }
        assertThat(service.counters().read().get("ratelimit.shortened")).isPositive();
        ServedZone.await(service.close());
    }

    @Test
    void one_network_of_clients_has_so_many_connections_and_no_more() throws Exception {
        GuardConfig guard = GuardConfig.DEFAULTS
                .withNetworks(new Networks(24, 56, List.of()))
                .withConnectionsMax(2);
        DnsService service = start(Driver.AUTO, ServedZone.BOTH_FAMILIES, guard);
        InetSocketAddress address = ServedZone.address(service);
        try (Socket first = connected("127.0.1.1", address);
                Socket second = connected("127.0.1.2", address);
                Socket elsewhere = connected("127.0.2.1", address)) {
            // Accepted on several event loops, so in any order: those that stand are known to before another comes.
            assertThat(answers(first) && answers(second) && answers(elsewhere)).isTrue();
            try (Socket third = connected("127.0.1.3", address)) {
                assertThat(third.getInputStream().read()).as("closed at once").isEqualTo(-1);
            }
            first.shutdownOutput(); // the server closes its side, and that frees the place
            boolean isTaken = false;
            for (int i = 0; i < 500 && !isTaken; i++) {
                try (Socket next = connected("127.0.1.4", address)) {
                    isTaken = answers(next);
                }
            }
            assertThat(isTaken).as("once another has gone").isTrue();
        }
        assertThat(service.counters().read(DnsCounters.Event.TCP_CROWDED)).isPositive();
        ServedZone.await(service.close());
    }

    private static Socket connected(String from, InetSocketAddress to) throws IOException {
        Socket socket = new Socket(to.getAddress(), to.getPort(), InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static boolean answers(Socket socket) throws IOException {
        byte[] query = Asking.query("www.example.com.", "A").toWire();
        try {
            socket.getOutputStream().write(new byte[] {0, (byte) query.length});
            socket.getOutputStream().write(query);
            return socket.getInputStream().read() == 0;
        } catch (SocketException e) {
            return false; // reset, because it was refused
        }
    }

    @ParameterizedTest
    @EnumSource(Driver.class)
    void a_driver_that_is_closed_leaves_its_port_free(Driver driver) throws Exception {
        DnsService service = start(driver, ServedZone.BOTH_FAMILIES);
        InetSocketAddress address = ServedZone.address(service);
        ServedZone.await(service.close());
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!isFree(address)) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    /** A connection of somebody else on this machine may have it for a moment. */
    private static boolean isFree(InetSocketAddress address) throws IOException {
        try (DatagramSocket udp = new DatagramSocket(address);
                ServerSocket tcp = new ServerSocket()) {
            tcp.bind(address);
            return udp.isBound();
        } catch (BindException e) {
            return false;
        }
    }

    @Test
    void the_best_driver_here_is_named() throws Exception {
        DnsService service = start(Driver.AUTO, ServedZone.BOTH_FAMILIES);
        assertThat(service.listeners().getFirst().driver()).isEqualTo("ffm");
    }

    @Test
    void a_change_is_answered_as_soon_as_the_view_has_it() throws Exception {
        DnsService service = start(Driver.AUTO, ServedZone.BOTH_FAMILIES);
        served.show("example.com", "new 300 A 192.0.2.9");
        Message answer =
                resolver(ServedZone.address(service), Transport.UDP).send(Asking.query("new.example.com.", "A"));
        assertThat(Asking.tell(answer)).isEqualTo("NOERROR aa | new.example.com. A 192.0.2.9 | |");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void a_wildcard_address_answers_from_the_address_that_was_asked(String wildcard) throws Exception {
        DnsService service = start(Driver.AUTO, List.of(loopback(wildcard)));
        InetSocketAddress loopback = service.listeners().stream()
                .map(e -> e.address())
                .filter(a -> a.getAddress().isLoopbackAddress())
                .findFirst()
                .orElseThrow();
        for (Transport transport : List.of(Transport.UDP, Transport.TCP)) {
            // A connected socket hears only the address it asked.
            Message answer = resolver(loopback, transport).send(Asking.query("www.example.com.", "A"));
            assertThat(Asking.tell(answer)).as("%s", transport).startsWith("NOERROR");
        }
    }

    @Test
    void every_busy_port_is_told_in_a_sentence_of_its_own() throws Exception {
        DnsService running = start(Driver.AUTO, ServedZone.BOTH_FAMILIES);
        List<InetSocketAddress> busy =
                running.listeners().stream().map(e -> e.address()).distinct().toList();
        assertThatThrownBy(() -> start(Driver.AUTO, busy))
                .hasMessage("port " + busy.get(0).getPort() + " on 127.0.0.1 is in use\nport "
                        + busy.get(1).getPort() + " on 0:0:0:0:0:0:0:1 is in use");
    }

    @Test
    void a_port_that_is_busy_for_tcp_alone_is_told() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() -> start(Driver.AUTO, List.of(address)))
                    .hasMessage("port " + address.getPort() + " on 127.0.0.1 is in use");
        }
    }

    @Test
    void an_address_of_another_machine_is_told() {
        assertThatThrownBy(() -> start(Driver.AUTO, List.of(loopback("192.0.2.1"))))
                .hasMessage("address 192.0.2.1 is none of this machine's");
    }

    private DnsService start(Driver driver, List<InetSocketAddress> listen) throws Exception {
        return start(driver, listen, GuardConfig.DEFAULTS);
    }

    private DnsService start(Driver driver, List<InetSocketAddress> listen, GuardConfig guard) throws Exception {
        if (driver == Driver.EPOLL) {
            served.close();
            served = new ServedZone(Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)), RECORDS);
        }
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(listen)
                .withAnswers(Asking.CONFIG)
                .withGuard(guard)
                .withUdp(UdpConfig.DEFAULTS.withDriver(driver));
        return served.start(config);
    }

    private static Resolver resolver(InetSocketAddress address, Transport transport) throws IOException {
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setTCP(transport == Transport.TCP);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver;
    }

    private static InetSocketAddress loopback(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 0);
    }
}
