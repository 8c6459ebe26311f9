package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.view.CurrentTls;
import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.compile.ExternalTarget.Learnt;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.steer.CurrentSteering;
import io.anycastle.dns.steer.CutOffSteering;
import io.anycastle.dns.wire.Wire;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a service that fails at a query: here at each about a proxied name, whose GeoIP database is mapped and cut off. */
class FaultsTest {
    private static final int BATCHES = 20;

    @AutoClose
    private final ServedZone served = new ServedZone(
            "www 300 A 192.0.2.1", "proxied blog 1 A 192.0.2.2", "flattened shop 300 CNAME www.outside.test.");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Driver.class,
            names = {"FFM", "NIO"})
    void a_query_that_fails_gets_no_answer_and_the_others_beside_it_do(Driver driver) throws Exception {
        DnsService service = startWithFileCutOff(driver);
        InetSocketAddress address = ServedZone.address(service);
        byte[] failing = Asking.query("blog.example.com.", "A").toWire();
        try (DatagramSocket client = new DatagramSocket(ServedZone.ANY_PORT)) {
            client.setSoTimeout((int) ServedZone.PATIENCE.toMillis());
            for (int batch = 0; batch < BATCHES; batch++) {
                client.send(new DatagramPacket(failing, failing.length, address));
                byte[] good = Asking.query("www.example.com.", "A").toWire();
                client.send(new DatagramPacket(good, good.length, address));
                DatagramPacket answer = new DatagramPacket(new byte[512], 512);
                client.receive(answer);
                assertThat(answer.getData()).startsWith(good[0], good[1]);
            }
        }
        assertThat(service.counters().read(Event.ANSWER_FAULTS)).isEqualTo(BATCHES);
        assertThat(service.isAnswering()).isTrue();
    }

    @Test
    void over_tcp_it_costs_its_connection() throws Exception {
        DnsService service = startWithFileCutOff(Driver.NIO);
        Socket failing = served.connect(service, Transport.TCP);
        Socket other = served.connect(service, Transport.TCP);
        failing.getOutputStream().write(Frames.of(1, "blog.example.com."));
        assertThat(failing.getInputStream().read()).isEqualTo(-1);
        assertThat(Asking.tell(Frames.ask(other, "www.example.com."))).startsWith("NOERROR");
        assertThat(service.counters().read(Event.ANSWER_FAULTS)).isEqualTo(1);
    }

    @Test
    void over_https_it_is_told() throws Exception {
        DnsService service = startWithFileCutOff(Driver.NIO);
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(status(client, service, "blog.example.com.")).isEqualTo(500);
            assertThat(status(client, service, "www.example.com.")).isEqualTo(200);
        }
        assertThat(service.counters().read()).containsEntry("answer.faults", 1L).containsEntry("doh.refused", 0L);
    }

    private static int status(HttpClient client, DnsService service, String name) throws Exception {
        String query = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Asking.query(name, "A").toWire());
        int port = ServedZone.address(service, Transport.DOH).getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + "/dns-query?dns=" + query);
        return client.send(
                        HttpRequest.newBuilder(uri).timeout(ServedZone.PATIENCE).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void one_that_fails_while_records_are_looked_for_is_answered_so_and_counted() throws Exception {
        DnsService service = startWithFileCutOff(Driver.NIO);
        Socket client = served.connect(service, Transport.TCP);
        assertThat(Asking.tell(Frames.ask(client, "shop.example.com."))).startsWith("SERVFAIL");
        assertThat(Asking.tell(Frames.ask(client, "www.example.com."))).startsWith("NOERROR");
        assertThat(service.counters().read(Event.ANSWER_FAULTS)).isEqualTo(1);
    }

    /** No memory for batches of such datagrams. */
    @Test
    void a_thread_that_ends_takes_its_socket_with_it_and_the_service_is_not_ready() throws Exception {
        UdpConfig tooLarge = new UdpConfig(Driver.FFM, 1, 1 << 30, 1024, 1 << 20);
        DnsService service = served.start(ServedZone.LOOPBACK.withUdp(tooLarge));
        ServedZone.await("the thread has ended", () -> !service.isAnswering());
        assertThat(service.counters().read(Event.UDP_ENDED)).isEqualTo(1);
        try (DatagramSocket client = new DatagramSocket(ServedZone.ANY_PORT)) {
            client.setSoTimeout((int) ServedZone.PATIENCE.toMillis());
            client.connect(ServedZone.address(service));
            byte[] query = Asking.query("www.example.com.", "A").toWire();
            client.send(new DatagramPacket(query, query.length));
            assertThatThrownBy(() -> client.receive(new DatagramPacket(new byte[512], 512)))
                    .isInstanceOf(PortUnreachableException.class);
        }
        ServedZone.await(service.close());
    }

    private DnsService startWithFileCutOff(Driver driver) throws Exception {
        CurrentSteering steering = CutOffSteering.with(folder.resolve("geo.mmdb"));
        DnsConfig config = ServedZone.LOOPBACK
                .withUdp(UdpConfig.DEFAULTS.withDriver(driver).withThreads(1))
                .withHttps(HttpsConfig.DEFAULTS.withListen(List.of(), List.of(ServedZone.ANY_PORT)));
        return served.start(
                config, new DnsService.Sources(steering, outside(), new CurrentTls(), new UnhealthyAddresses()));
    }

    /** Nothing can be answered from what was learnt here. */
    @SuppressWarnings("NullAway") // what is not to be makes the fault
    private static ExternalTargets outside() {
        RrSet broken = new RrSet((char) Wire.TYPE_A, (char) 1, (char) 0, null, null, new byte[0][]);
        return new ExternalTargets(target -> target.learn(Wire.TYPE_A, new Learnt(broken, Long.MAX_VALUE, 300)));
    }
}
