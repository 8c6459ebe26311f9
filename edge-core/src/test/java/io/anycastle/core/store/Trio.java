package io.anycastle.core.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Several real stores that are members of one cluster, each with its own folder and port. The ports lie below those that the system gives
 * to connections: one that was free there stays free.
 */
public final class Trio implements AutoCloseable {
    private final Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Optional<ClusteredStore>> stores = new ArrayList<>();
    private final StoreConfig.Replicating replication;
    private Duration writeTimeout = Duration.ofSeconds(60);
    private boolean isForgetful;
    private boolean takesClients;

    private Trio(Path folder, int count, StoreConfig.Replicating replication) {
        this.folder = folder;
        this.replication = replication;
        for (int i = 0; i < count; i++) {
            ports.add(freePort());
            stores.add(Optional.empty());
        }
    }

    /** So many nodes, all started and joined. */
    static Trio start(Path folder, int count) {
        Trio trio = prepare(folder, count, quick(OptionalInt.empty()));
        for (int i = 0; i < count; i++) {
            trio.open(i);
        }
        trio.awaitMembers(count);
        return trio;
    }

    /** So many nodes, none started. */
    public static Trio prepare(Path folder, int count, StoreConfig.Replicating replication) {
        return new Trio(folder, count, replication);
    }

    /** Compares often, so that tests need not wait. */
    public static StoreConfig.Replicating quick(OptionalInt quorum) {
        return StoreConfig.Replicating.DEFAULTS
                .with(Duration.ofSeconds(2), Duration.ofSeconds(20))
                .with(quorum);
    }

    /** For changes so large that the machine needs longer. */
    Trio patient(Duration timeout) {
        writeTimeout = timeout;
        return this;
    }

    /** Hazelcast clients may connect to each node. */
    Trio withClients() {
        takesClients = true;
        return this;
    }

    /** Writes snapshots often, and forgets in them what was deleted an hour ago. */
    Trio forgetful() {
        isForgetful = true;
        return this;
    }

    public ClusteredStore open(int index) {
        return open(index, InstantSource.system());
    }

    ClusteredStore open(int index, InstantSource time) {
        ClusteredStore store = ClusteredStore.open(config(index), Stores.RULES, time);
        stores.set(index, Optional.of(store));
        return store;
    }

    StoreConfig config(int index) {
        StoreConfig single = Stores.config(folder.resolve("node" + index));
        List<String> members = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        return new StoreConfig(
                single.dataFolder(),
                Optional.of("n" + index),
                "trio-" + folder.getFileName(),
                InetAddress.getLoopbackAddress(),
                ports.get(index),
                members,
                1,
                takesClients ? OptionalInt.of(0) : OptionalInt.empty(),
                writeTimeout,
                single.heartbeatTimeout(),
                isForgetful ? 64 << 10 : single.logBytesMax(),
                single.entryBytesMax(),
                isForgetful ? Duration.ofHours(1) : single.tombstoneLifetime(),
                single.clockDriftMax(),
                single.attemptsMax(),
                single.restartDelay(),
                single.network(),
                replication);
    }

    ClusteredStore store(int index) {
        return stores.get(index).orElseThrow();
    }

    List<ClusteredStore> running() {
        return stores.stream().flatMap(Optional::stream).toList();
    }

    public void close(int index) {
        store(index).close();
        stores.set(index, Optional.empty());
    }

    public void awaitMembers(int count) {
        awaitAll(count + " members", store -> store.status().members() == count);
    }

    void awaitAll(String what, Predicate<ClusteredStore> holds) {
        Stores.await(what, () -> running().stream().allMatch(holds));
    }

    /** Waits until all hold the same, on disk and in the view. */
    void awaitEqual() {
        Stores.await(
                "equal stores",
                () -> running().stream().map(ClusteredStore::digest).distinct().count() == 1
                        && running().stream()
                                        .map(store -> store.view().get().zones())
                                        .distinct()
                                        .count()
                                == 1);
    }

    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: another one
            }
        }
    }

    @Override
    public void close() {
        running().parallelStream().forEach(ClusteredStore::close);
    }
}
