package io.anycastle.core.store;

import io.anycastle.core.model.RecordDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Measures three stores that are members of one cluster in this process: a change until every view shows it, a large import until every
 * view shows it, an empty node until it has everything, and a node that was away until it has what changed. Run by {@code
 * src/bench/cluster.sh}.
 */
final class ClusterBench {
    private static final int CHANGES = 2_000;
    private static final int WARM_UP = 500;
    private static final int IMPORT = 100_000;

    private ClusterBench() {}

    public static void main(String[] args) throws IOException {
        int records = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("cluster-bench");
        var replication = new StoreConfig.Replicating(
                OptionalInt.empty(), Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(120), 1_000);
        try (Trio trio = Trio.prepare(folder, 3, replication).patient(Duration.ofMinutes(2))) {
            trio.open(0);
            trio.open(1);
            trio.awaitMembers(2);
            trio.open(2);
            trio.awaitMembers(3);
            Stores.applied(trio.store(0).apply(Stores.newZone()));
            changes(trio);
            imported(trio, Math.min(records, IMPORT));
            for (int from = IMPORT; from < records; from += IMPORT) {
                fill(trio, from, Math.min(records, from + IMPORT));
            }
            until(() -> trio.running().stream().allMatch(s -> s.status().mapBacklog() == 0));
            away(trio);
            empty(trio, folder);
        }
    }

    /** From the call to the moment when the last of three views shows the change. */
    private static void changes(Trio trio) {
        long[] acknowledged = new long[CHANGES];
        long[] everywhere = new long[CHANGES];
        for (int i = -WARM_UP; i < CHANGES; i++) {
            String name = "c" + (i + WARM_UP);
            long version = Stores.zone(trio.store(0)).zone().version() + 1;
            long begun = System.nanoTime();
            Stores.applied(trio.store(0).apply(Stores.add(name, "192.0.2.1")));
            long answered = System.nanoTime();
            until(() ->
                    trio.running().stream().allMatch(s -> Stores.zone(s).zone().version() >= version));
            if (i >= 0) {
                acknowledged[i] = answered - begun;
                everywhere[i] = System.nanoTime() - begun;
            }
        }
        tell("a change until it is acknowledged (2 of 3 disks)", acknowledged);
        tell("a change until all three views show it", everywhere);
    }

    private static void fill(Trio trio, int from, int to) {
        Edit[] edits = new Edit[to - from];
        for (int i = from; i < to; i++) {
            edits[i - from] = new Edit.CreateRecord(RecordDraft.of("i" + i, "A", "192.0.2.1"));
        }
        Stores.applied(trio.store(1).apply(ChangeSet.of(Stores.ZONE, edits)));
    }

    private static void imported(Trio trio, int records) {
        long begun = System.nanoTime();
        fill(trio, 0, records);
        long answered = System.nanoTime();
        until(() -> trio.running().stream().allMatch(s -> s.status().records() > records));
        tell("import of " + records + " records until it is acknowledged", answered - begun);
        tell("import of " + records + " records until all three views show it", System.nanoTime() - begun);
        begun = System.nanoTime();
        until(() -> trio.running().stream().allMatch(s -> s.status().mapBacklog() == 0));
        tell("the cluster maps after that", System.nanoTime() - begun);
    }

    private static void away(Trio trio) {
        trio.close(2);
        until(() -> trio.store(0).status().members() == 2);
        for (int batch = 0; batch < 10; batch++) {
            Edit[] edits = new Edit[100];
            for (int i = 0; i < edits.length; i++) {
                edits[i] = new Edit.CreateRecord(RecordDraft.of("w" + batch + "-" + i, "A", "192.0.2.2"));
            }
            Stores.applied(trio.store(0).apply(ChangeSet.of(Stores.ZONE, edits)));
        }
        ClusteredStore back = trio.open(2);
        until(() -> back.status().joined());
        long begun = System.nanoTime();
        until(() -> back.digest() == trio.store(0).digest());
        tell("a node that missed 1000 of them, from joining until it is equal", System.nanoTime() - begun);
    }

    private static void empty(Trio trio, Path folder) throws IOException {
        trio.close(2);
        until(() -> trio.store(0).status().members() == 2);
        try (var files = Files.walk(folder.resolve("node2"))) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        long begun = System.nanoTime();
        ClusteredStore fresh = trio.open(2);
        long records = trio.store(0).status().records();
        until(() -> fresh.status().records() == records);
        tell("an empty node, from its start until it shows everything", System.nanoTime() - begun);
    }

    private static void until(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static void tell(String what, long nanos) {
        System.out.printf("%-70s %8d ms%n", what, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private static void tell(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "%-70s p50 %.1f ms, p99 %.1f ms%n",
                what, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
    }
}
