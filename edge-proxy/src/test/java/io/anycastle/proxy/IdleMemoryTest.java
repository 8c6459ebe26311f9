package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an idle kept connection holds in the edge's process, heap and native memory together, after its first request. */
class IdleMemoryTest {
    private static final String HOST = "a.example.com";
    private static final int PER_ADDRESS = 1_500;

    /** Opened before, so that the code is compiled and the allocator has its chunks. */
    private static final int WARM = 2_000;

    private static final int FRAME_HEAD = 9;

    /** GET /cdn-cgi/trace in HPACK without its table, on stream 1. */
    private static byte[] http2Request() {
        String path = "/cdn-cgi/trace";
        String block = "8286" // GET, http
                + "04" + "%02x".formatted(path.length()) + hex(path) + "01" + "%02x".formatted(HOST.length())
                + hex(HOST);
        String head = "%06x".formatted(block.length() / 2) + "01" + "05" + "00000001" + block;
        return HexFormat.of().parseHex(hex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + "000000040000000000" + head);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Socket opened(EdgeProcess edge, String kind, int number) throws Exception {
        InetAddress from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + number / PER_ADDRESS)});
        int port = kind.equals("plain") ? edge.plainPort() : edge.tlsPort();
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
        plain.setSoTimeout(20_000);
        plain.setTcpNoDelay(true);
        if (kind.equals("h2")) {
            Socket tls = TestCertificate.over(plain, HOST, "h2");
            tls.getOutputStream().write(http2Request());
            awaitAnswer(tls.getInputStream());
            return tls;
        }
        Socket socket = kind.equals("tls") ? TestCertificate.over(plain, HOST, "http/1.1") : plain;
        assertThat(new RawClient(socket).get(HOST, "/cdn-cgi/trace").status()).isEqualTo(200);
        return socket;
    }

    /** Reads frames until the body of the answer is whole. */
    private static void awaitAnswer(InputStream in) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(FRAME_HEAD);
            assertThat(head).hasSize(FRAME_HEAD);
            in.skipNBytes(((head[0] & 0xFF) << 16) | ((head[1] & 0xFF) << 8) | (head[2] & 0xFF));
            if (head[3] == 0 && (head[4] & 1) != 0) {
                return;
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"plain, 10000, 6", "tls, 2000, 20", "h2, 2000, 40"})
    void an_idle_connection_holds_little(String kind, int count, int kibMax) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (EdgeProcess edge = new EdgeProcess()) {
            for (int i = 0; i < WARM; i++) {
                sockets.add(opened(edge, kind, i));
            }
            long before = edge.memory();
            for (int i = WARM; i < WARM + count; i++) {
                sockets.add(opened(edge, kind, i));
            }
            long each = (edge.memory() - before) / count;
            assertThat(each).isLessThan(kibMax * 1024L);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
