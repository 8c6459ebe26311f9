package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node falls silent just when another one joins: its connections stand, and nothing comes on them any more. */
class SilentPeerTest {
    @TempDir
    Path folder;

    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();
    private ServerSocket way;

    @BeforeEach
    void open() throws IOException {
        way = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        way.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The way to a port, by which one greeting comes back and nothing more; afterwards nobody is there. */
    private void lead(int port) {
        Thread.ofVirtual().start(() -> {
            try (Socket near = way.accept();
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), port)) {
                taken.incrementAndGet();
                way.close();
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> pass(near, far, Integer.MAX_VALUE));
                pass(far, near, 1);
                near.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // the node that joins gave it up
            }
        });
    }

    private static void pass(Socket from, Socket to, int pieces) {
        try {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int i = 0; i < pieces; i++) {
                int length = in.read(buffer);
                if (length < 0) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, length);
            }
        } catch (IOException e) {
            // over
        }
    }

    private static StoreConfig named(StoreConfig config, String id, List<String> members) {
        StoreConfig.Replicating quick = Trio.quick(OptionalInt.empty()).joiningWithin(Duration.ofSeconds(6));
        return new StoreConfig(
                config.dataFolder(),
                Optional.of(id),
                "silent",
                config.bindAddress(),
                config.port(),
                members,
                config.backups(),
                config.clientPort(),
                config.writeTimeout(),
                config.heartbeatTimeout(),
                config.logBytesMax(),
                config.entryBytesMax(),
                config.tombstoneLifetime(),
                config.clockDriftMax(),
                config.attemptsMax(),
                config.restartDelay(),
                config.network(),
                quick);
    }

    @Test
    void the_one_that_joins_tries_anew_and_serves_without_it() {
        List<ClusteredStore> opened = new ArrayList<>();
        try {
            int port = Trio.freePort();
            StoreConfig first = named(Stores.config(folder.resolve("a")), "a", List.of())
                    .with(InetAddress.getLoopbackAddress(), port, List.of("127.0.0.1:" + Trio.freePort()));
            opened.add(ClusteredStore.open(first, Stores.RULES, InstantSource.system()));
            Stores.await("the first serves", () -> opened.getFirst().status().joined());
            lead(port);
            StoreConfig second =
                    named(Stores.config(folder.resolve("b")), "b", List.of("127.0.0.1:" + way.getLocalPort()));
            opened.add(ClusteredStore.open(second, Stores.RULES, InstantSource.system()));
            Stores.await(
                    "the second tells why it does not serve",
                    () -> opened.getLast()
                            .status()
                            .lastError()
                            .orElse("")
                            .contains("has not joined the others within 6 s"));
            Stores.await(
                    "the second serves alone", () -> opened.getLast().status().joined());
            assertThat(taken.get()).isEqualTo(1);
            assertThat(opened.getLast().status().members()).isEqualTo(1);
            Stores.applied(opened.getLast().apply(Stores.newZone()));
        } finally {
            opened.forEach(ClusteredStore::close);
        }
    }
}
