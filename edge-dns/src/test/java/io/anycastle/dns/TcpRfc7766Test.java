package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.answer.Asking;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** RFC 7766: DNS over TCP with clients that are fast, slow, silent and greedy. */
class TcpRfc7766Test {
    private static final int PIPELINED = 5_000;

    private final CurrentView view = new CurrentView();
    private final Vertx vertx = Vertx.vertx();
    private final List<Socket> sockets = new ArrayList<>();

    TcpRfc7766Test() {
        var zone = ZoneText.active(
                "example.com", "www 300 A 192.0.2.1\nbig 300 TXT " + ("\"" + "t".repeat(250) + "\" ").repeat(100));
        view.update(zone, zone.names().keySet());
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void pipelined_queries_are_all_answered_in_order() throws Exception {
        Socket client = connect(start(TcpConfig.DEFAULTS));
        ByteArrayOutputStream queries = new ByteArrayOutputStream();
        for (int id = 0; id < PIPELINED; id++) {
            queries.writeBytes(framed(id, "www.example.com."));
        }
        client.getOutputStream().write(queries.toByteArray());
        DataInputStream in = new DataInputStream(client.getInputStream());
        for (int id = 0; id < PIPELINED; id++) {
            Message answer = read(in);
            assertThat(answer.getHeader().getID()).isEqualTo(id);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        }
    }

    @Test
    void a_frame_that_comes_octet_by_octet_is_answered() throws Exception {
        Socket client = connect(start(TcpConfig.DEFAULTS));
        client.setTcpNoDelay(true);
        byte[] frames = concat(framed(1, "www.example.com."), framed(2, "none.example.com."));
        for (byte octet : frames) {
            client.getOutputStream().write(octet);
            client.getOutputStream().flush();
        }
        DataInputStream in = new DataInputStream(client.getInputStream());
        assertThat(read(in).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(read(in).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void a_client_that_does_not_read_is_not_read_from_and_loses_nothing() throws Exception {
        Socket client = connect(start(TcpConfig.DEFAULTS));
        int queries = 2_000; // 50 MB of answers, far beyond what socket buffers hold
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                OutputStream out = client.getOutputStream();
                for (int id = 0; id < queries; id++) {
                    out.write(framed(id, "big.example.com."));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        DataInputStream in = new DataInputStream(client.getInputStream());
        for (int id = 0; id < queries; id++) {
            int length = in.readUnsignedShort();
            assertThat(length).isGreaterThan(25_000);
            assertThat(in.readUnsignedShort()).isEqualTo(id);
            in.skipNBytes(length - 2);
        }
        asking.join();
    }

    @Test
    void a_connection_without_a_complete_query_is_closed_in_time() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMillis(200)));
        Socket silent = connect(service);
        Socket half = connect(service);
        half.getOutputStream().write(new byte[] {0, 40, 1, 2, 3});
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
        assertThat(half.getInputStream().read()).isEqualTo(-1);
        assertThat(service.counters().read()).containsEntry("tcp.idle", 2L);
    }

    @Test
    void a_frame_longer_than_allowed_closes_its_connection() throws Exception {
        Socket client = connect(start(TcpConfig.DEFAULTS));
        client.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 0, 0});
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void one_connection_too_many_is_closed_and_the_others_go_on() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS.withConnectionsMax(2));
        Socket first = connect(service);
        ask(first);
        ask(connect(service));
        assertThat(connect(service).getInputStream().read()).isEqualTo(-1);
        ask(first);
        assertThat(service.counters().read()).containsEntry("tcp.refused", 1L).containsEntry("tcp.connections", 2L);
    }

    private static void ask(Socket client) throws IOException {
        client.getOutputStream().write(framed(7, "www.example.com."));
        assertThat(read(new DataInputStream(client.getInputStream()))
                        .getHeader()
                        .getID())
                .isEqualTo(7);
    }

    private DnsService start(TcpConfig tcp) throws Exception {
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)))
                .withTcp(tcp);
        return DnsService.start(vertx, config, view).await(20, TimeUnit.SECONDS);
    }

    private Socket connect(DnsService service) throws IOException {
        InetSocketAddress address = service.listeners().getFirst().address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static byte[] framed(int id, String name) {
        Message query = Asking.query(name, name.startsWith("big") ? "TXT" : "A");
        query.getHeader().setID(id & 0xffff);
        byte[] wire = query.toWire();
        return concat(new byte[] {(byte) (wire.length >>> 8), (byte) wire.length}, wire);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(a);
        both.writeBytes(b);
        return both.toByteArray();
    }

    private static Message read(DataInputStream in) throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return new Message(message);
    }
}
