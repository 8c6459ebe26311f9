package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.ZoneRules;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Real stores on free loopback ports, for tests. */
public final class Stores {
    public static final DomainName ZONE = DomainName.of("example.com");
    public static final ZoneRules RULES =
            new ZoneRules(Set.of(), List.of(DomainName.of("ns1.edge.test")), true, 60, 86_400);

    private Stores() {}

    public static ClusteredStore open(Path folder) {
        return joined(ClusteredStore.open(config(folder), RULES, InstantSource.system()));
    }

    /** The store, once it takes changes. */
    public static ClusteredStore joined(ClusteredStore store) {
        await("the store takes changes", store::takesChanges);
        return store;
    }

    public static StoreConfig config(Path folder) {
        return config(folder, 64 << 20, OptionalInt.empty());
    }

    public static StoreConfig config(Path folder, long logBytesMax, OptionalInt clientPort) {
        StoreConfig defaults = StoreConfig.defaults(folder);
        return new StoreConfig(
                folder,
                Optional.empty(),
                "test-" + folder.getFileName(),
                InetAddress.getLoopbackAddress(),
                0,
                List.of(),
                0,
                clientPort,
                Duration.ofSeconds(60),
                defaults.heartbeatTimeout(),
                logBytesMax,
                defaults.entryBytesMax(),
                defaults.tombstoneLifetime(),
                defaults.clockDriftMax(),
                defaults.attemptsMax(),
                Duration.ofMillis(50),
                Optional.empty(),
                defaults.replication());
    }

    public static StoreConfig config(Path folder, StoreConfig.Replicating replication) {
        StoreConfig config = config(folder);
        return new StoreConfig(
                folder,
                config.nodeId(),
                config.clusterName(),
                config.bindAddress(),
                config.port(),
                config.members(),
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
                replication);
    }

    public static ChangeSet newZone() {
        return ChangeSet.of(ZONE, new Edit.CreateZone(ZoneType.FULL, List.of()));
    }

    public static ChangeSet add(String name, String content) {
        return ChangeSet.of(ZONE, new Edit.CreateRecord(RecordDraft.of(name, "A", content)));
    }

    public static ChangeOutcome.Applied applied(ChangeOutcome outcome) {
        assertThat(outcome).isInstanceOf(ChangeOutcome.Applied.class);
        return (ChangeOutcome.Applied) outcome;
    }

    public static ZoneState zone(EdgeStore store) {
        return store.view().get().zone(ZONE).orElseThrow();
    }

    /** Waits until it holds, at most a minute. */
    public static void await(String what, BooleanSupplier holds) {
        Deadline deadline = Deadline.in(Duration.ofSeconds(60));
        while (!holds.getAsBoolean()) {
            assertThat(deadline.left()).as("still waiting: %s", what).isPositive();
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }
}
