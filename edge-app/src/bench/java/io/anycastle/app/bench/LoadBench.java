package io.anycastle.app.bench;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.journal.DataFolder;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.journal.JournalCounters;
import io.anycastle.core.store.journal.JournalSettings;
import io.anycastle.core.store.journal.Snapshot;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.ServiceParts;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.ZoneCompiler;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a large store costs: its load, its size on disk and in memory, and one change in it. See {@code load.sh}. */
public final class LoadBench {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00.123456Z");

    /** The JVM compiles what a change is made of on the way, and more so while a reader has the other core. */
    private static final int WARM_UP_CHANGES = 200_000;

    /** The defaults of a node. */
    private static final JournalSettings JOURNAL = new JournalSettings(64 << 20, 256 << 20, Duration.ofDays(30));

    private LoadBench() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "make" -> make(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            case "load" -> load(Path.of(args[1]), Integer.parseInt(args[2]));
            case "ask" -> ask(Integer.parseInt(args[1]), Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    // ---- a store on disk

    private static void make(Path path, int zones, int names) throws IOException {
        StoreImage image = StoreImage.EMPTY;
        Random random = new Random(1);
        for (int z = 0; z < zones; z++) {
            image = image.with(zone(DomainName.of("zone" + z + ".example"), names, random));
        }
        Files.createDirectories(path);
        try (DataFolder folder = DataFolder.open(path)) {
            long start = System.nanoTime();
            new Snapshot(folder, JOURNAL, 1, 1, image).write();
            long bytes = snapshotBytes(path);
            say("snapshot written in %d ms, %d bytes a record", ms(start), bytes / ((long) zones * names));
        }
    }

    private static long snapshotBytes(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.getFileName().toString().startsWith("snapshot-"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static ZoneDelta zone(DomainName name, int names, Random random) {
        Stamp stamp = new Stamp(System.currentTimeMillis(), 0, "node-1");
        List<NameRecords> all = new ArrayList<>();
        for (int i = 0; i < names; i++) {
            DomainName owner = DomainName.of("host-" + i + "." + name);
            all.add(new NameRecords(owner, stamp, List.of(record(owner, i, random))));
        }
        Zone zone = new Zone(
                id(random),
                name,
                ZoneType.FULL,
                ZoneStatus.ACTIVE,
                false,
                1,
                1,
                List.of(DomainName.of("ns1.edge.test")),
                THEN,
                THEN,
                Optional.of(THEN));
        return delta(name, stamp, zone, all);
    }

    private static ZoneDelta delta(DomainName name, Stamp stamp, Zone zone, List<NameRecords> names) {
        return new ZoneDelta(
                name,
                Set.of(),
                stamp,
                Optional.of(new ZoneHead(zone, stamp)),
                names,
                List.of(),
                Map.of(),
                ZoneDelta.Losses.NONE);
    }

    private static String id(Random random) {
        return String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    }

    /** Of ten records, eight are addresses, one is an alias and one a text. */
    private static Record record(DomainName owner, int i, Random random) {
        byte[] ip = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
        return switch (i % 10) {
            case 8 -> {
                DomainName target = DomainName.of("target-" + i % 100 + ".elsewhere.test");
                yield record(owner, RecordType.CNAME, target.toString(), target.wire(), random);
            }
            case 9 -> {
                byte[] text = ("xv=spf1 ip4:192.0.2." + i % 256 + " -all").getBytes(StandardCharsets.US_ASCII);
                text[0] = (byte) (text.length - 1);
                String content = "\"" + new String(text, 1, text.length - 1, StandardCharsets.US_ASCII) + "\"";
                yield record(owner, RecordType.TXT, content, text, random);
            }
            default ->
                record(
                        owner,
                        RecordType.A,
                        "10." + (ip[1] & 255) + "." + (ip[2] & 255) + "." + (ip[3] & 255),
                        ip,
                        random);
        };
    }

    private static Record record(DomainName owner, RecordType type, String content, byte[] rdata, Random random) {
        return new Record(
                id(random),
                owner,
                type,
                content,
                OptionalInt.empty(),
                new Ttl(300),
                false,
                RecordSettings.NONE,
                "",
                List.of(),
                THEN.plusMillis(random.nextInt(1_000_000_000)),
                THEN.plusMillis(1_000_000_000),
                Rdata.of(rdata));
    }

    // ---- loading it

    private static void load(Path path, int updates) throws Exception {
        long start = System.nanoTime();
        try (DataFolder folder = DataFolder.open(path)) {
            Journal journal = Journal.open(folder, JOURNAL, new JournalCounters());
            long read = System.nanoTime();
            CurrentView view = new CurrentView();
            for (ZoneImage zone : journal.image().zones().values()) {
                zone.state().ifPresent(state -> view.update(state, state.names().keySet()));
            }
            long viewed = System.nanoTime();
            AnswerTable filled = AnswerTable.empty();
            ZoneCompiler compiler = new ZoneCompiler(filled, AnswerConfig.DEFAULTS);
            view.follow(compiler);
            long compiled = System.nanoTime();
            ProcessHandle.Info process = ProcessHandle.current().info();
            long sinceStart = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            say(
                    "load: %d ms since the JVM's start; journal %d ms, view %d ms, DNS table %d ms; CPU %d ms, GC %d ms",
                    sinceStart,
                    (read - start) / 1_000_000,
                    (viewed - read) / 1_000_000,
                    (compiled - viewed) / 1_000_000,
                    process.totalCpuDuration().orElse(Duration.ZERO).toMillis(),
                    gcMillis());
            long whole = heap(records(view));
            askForAll(filled, view);
            long asked = live();
            view.unfollow(compiler);
            compiler = null;
            filled = null;
            long names = names(view);
            long without = live();
            say(
                    "answer table: %d bytes a name, %d once every name has been asked for",
                    (whole - without) / Math.max(1, names), (asked - without) / Math.max(1, names));
            if (updates > 0) {
                AnswerTable table = AnswerTable.empty();
                view.follow(new ZoneCompiler(table, AnswerConfig.DEFAULTS));
                update(journal, view, updates, "nobody asks");
                AtomicBoolean done = new AtomicBoolean();
                Thread reader = Thread.ofPlatform().start(() -> read(table, (int) names, done));
                update(journal, view, updates, "a reader asks all the time");
                done.set(true);
                reader.join();
            }
            journal.close();
        }
    }

    private static long records(CurrentView view) {
        return view.get().zones().values().stream()
                .mapToLong(ZoneState::recordCount)
                .sum();
    }

    private static long names(CurrentView view) {
        return view.get().zones().values().stream()
                .mapToLong(zone -> zone.names().size())
                .sum();
    }

    private static long heap(long records) throws InterruptedException {
        long used = live();
        say("heap: %d MiB live, %d bytes a record", used >> 20, used / Math.max(1, records));
        return used;
    }

    private static long live() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long gcMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    // ---- asking a node

    /** A query a millisecond, one at a time, until the file is there; then tells how long the slowest took. */
    private static void ask(int port, Path end) throws IOException {
        byte[] name = DomainName.of("host-1.zone0.example").wire();
        byte[] query = new byte[12 + name.length + 4];
        query[5] = 1; // one question
        System.arraycopy(name, 0, query, 12, name.length);
        query[query.length - 3] = 1; // type A
        query[query.length - 1] = 1; // class IN
        long slowest = 0;
        int count = 0;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(30_000);
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            while (!Files.exists(end)) {
                long start = System.nanoTime();
                socket.send(new DatagramPacket(query, query.length));
                socket.receive(answer);
                slowest = Math.max(slowest, System.nanoTime() - start);
                count++;
                LockSupport.parkNanos(1_000_000);
            }
        }
        say("the slowest of %d answers meanwhile: %d ms", count, slowest / 1_000_000);
    }

    // ---- one change after the other

    /** What a thread of the DNS service does, without a socket. */
    private static void read(AnswerTable table, int names, AtomicBoolean done) {
        Client client = new Client(table);
        Random random = new Random(3);
        while (!done.get()) {
            client.ask(DomainName.of("host-" + random.nextInt(names) + ".zone0.example"));
        }
    }

    private static void askForAll(AnswerTable table, CurrentView view) {
        Client client = new Client(table);
        view.get().zones().values().forEach(zone -> zone.names().keySet().forEach(client::ask));
    }

    /** Asks for addresses. */
    private static final class Client {
        private final Responder responder;
        private final QuerySource asker = new QuerySource(Transport.UDP);
        private final byte[] out = new byte[DnsConfig.DEFAULTS.udp().payloadMax() + 64];
        private final byte[] query = new byte[512];

        Client(AnswerTable table) {
            responder = new Responder(
                    ServiceParts.of(DnsConfig.DEFAULTS, table, new DnsCounters()), new DnsCounters().lane());
            asker.setIpv4(0x7f000001, 5353);
            query[5] = 1; // one question
        }

        void ask(DomainName of) {
            responder.beginBatch();
            byte[] name = of.wire();
            System.arraycopy(name, 0, query, 12, name.length);
            int end = 12 + name.length;
            query[end] = 0;
            query[end + 1] = 1; // type A
            query[end + 2] = 0;
            query[end + 3] = 1; // class IN
            responder.respond(query, end + 4, asker, out);
        }
    }

    private static void update(Journal journal, CurrentView view, int updates, String meanwhile) {
        Random random = new Random(2);
        DomainName name = DomainName.of("zone0.example");
        StoreImage image = journal.image();
        int names = view.get().zone(name).orElseThrow().names().size();
        long[] shown = new long[updates];
        long[] planned = new long[updates];
        for (int i = -WARM_UP_CHANGES; i < updates; i++) {
            ZoneImage before = image.zone(name);
            DomainName owner = DomainName.of("host-" + random.nextInt(names) + "." + name);
            Stamp stamp = new Stamp(System.currentTimeMillis(), i + WARM_UP_CHANGES, "node-1");
            var records = new NameRecords(owner, stamp, List.of(record(owner, random.nextInt(8), random)));
            ZoneDelta delta = delta(name, stamp, before.state().orElseThrow().zone(), List.of(records));
            long start = System.nanoTime();
            image = image.with(delta);
            long imaged = System.nanoTime();
            view.update(image.zone(name).state().orElseThrow(), Set.of(owner));
            long end = System.nanoTime();
            if (i >= 0) {
                planned[i] = imaged - start;
                shown[i] = end - imaged;
            }
        }
        Arrays.sort(shown);
        Arrays.sort(planned);
        say(
                "one change while %s: the store's image p50 %.1f us, p99 %.1f us; view and DNS p50 %.1f us, p99 %.1f us, max %.1f us",
                meanwhile, at(planned, 0.5), at(planned, 0.99), at(shown, 0.5), at(shown, 0.99), at(shown, 1));
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1e3;
    }

    private static long ms(long since) {
        return (System.nanoTime() - since) / 1_000_000;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
