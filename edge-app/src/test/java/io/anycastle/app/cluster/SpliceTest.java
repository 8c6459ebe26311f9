package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two connections that are one. */
final class SpliceTest {
    private static final int MIB = 1 << 20;

    private final Vertx vertx = Vertx.vertx();
    // a client or server that nobody holds is closed with all its connections
    private final NetClient client = vertx.createNetClient();
    private final NetServer server = vertx.createNetServer();
    private final TunnelCounters counters = new TunnelCounters();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Socket near;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Socket far;

    @BeforeEach
    void splice() throws IOException {
        try (ServerSocket end = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            server.connectHandler(socket -> {
                socket.pause();
                client.connect(end.getLocalPort(), "127.0.0.1").onSuccess(other -> {
                    other.pause();
                    new Splice(socket, other, counters).run(() -> {});
                });
            });
            int port = server.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .actualPort();
            near = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
            far = end.accept();
        }
        far.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_writer_waits_for_a_slow_reader_and_nothing_is_lost() throws Exception {
        byte[] block = new byte[MIB];
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try (OutputStream out = near.getOutputStream()) {
                for (int i = 0; i < 64; i++) {
                    out.write(block);
                    sent.addAndGet(block.length);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        long[] stood = {0, 0}; // at what, and for how many looks
        TestNode.await("the writer is held up", () -> {
            boolean stands = sent.get() > 0 && sent.get() == stood[0];
            stood[1] = stands ? stood[1] + 1 : 0;
            stood[0] = sent.get();
            return stood[1] == 30;
        });
        assertThat(sent.get()).isLessThan(48L * MIB);
        long received = 0;
        InputStream in = far.getInputStream();
        byte[] chunk = new byte[64 << 10];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            received += n;
        }
        writer.join();
        assertThat(received).isEqualTo(64L * MIB);
        assertThat(counters.bytesIn.sum()).isEqualTo(64L * MIB);
    }

    @Test
    void when_one_side_ends_so_does_the_other_and_it_counts_no_more() throws Exception {
        TestNode.await("it is open", () -> counters.open.sum() == 1);
        near.close();
        assertThat(far.getInputStream().read()).isEqualTo(-1);
        TestNode.await("it is over", () -> counters.open.sum() == 0);
    }
}
