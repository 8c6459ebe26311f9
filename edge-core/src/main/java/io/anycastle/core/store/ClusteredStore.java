package io.anycastle.core.store;

import com.hazelcast.cluster.Member;
import com.hazelcast.instance.EndpointQualifier;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.backup.BackupWriter;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.StoreException;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.clients.ClientWrites;
import io.anycastle.core.store.cluster.ClockWatch;
import io.anycastle.core.store.cluster.Cluster;
import io.anycastle.core.store.cluster.MapWriter;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.cluster.Nodes;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.duties.LeaderDuties;
import io.anycastle.core.store.journal.DataFolder;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.merge.FirstComparison;
import io.anycastle.core.store.merge.PeerAnswers;
import io.anycastle.core.store.merge.Reconciler;
import io.anycastle.core.store.plan.ChangePlanner;
import io.anycastle.core.store.state.BackupTitle;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.Digests;
import io.anycastle.core.store.state.HybridClock;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.NodeView;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.write.ChangePath;
import io.anycastle.core.store.write.Follower;
import io.anycastle.core.store.write.Redelivery;
import io.anycastle.core.store.write.ViewPublisher;
import io.anycastle.core.store.write.Writer;
import io.anycastle.core.store.write.ZoneLocks;
import io.anycastle.core.view.CurrentView;
import io.anycastle.core.view.EdgeView;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record store of a node: the view in memory, the journal on its own disk, and Hazelcast to agree with others. Reading needs the
 * view only; it is there before the cluster layer is, and stays when that fails.
 */
public final class ClusteredStore implements EdgeStore {
    private static final Logger LOG = LoggerFactory.getLogger(ClusteredStore.class);
    private static final Duration LEAVE_MAX = Duration.ofSeconds(10);

    private final String nodeId;
    private final DataFolder folder;
    private final Journal journal;
    private final CurrentView view = new CurrentView();
    private final StoreCounters counters;
    private final HybridClock clock;
    private final ViewPublisher publisher;
    private final ChangePath path;
    private final Reconciler reconciler;
    private final ClientWrites foreign;
    private final MapWriter mapWriter;
    private final LeaderDuties leader;
    private final Redelivery redelivery;
    private final FirstComparison firstComparison;
    private final ClockWatch clockWatch;
    private final Cluster cluster;
    private final Writer writer;
    private final Nodes nodes;
    private final Duration peerTimeout;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int lastDisks;
    private volatile Supplier<String> applicationFacts = () -> "{}";
    private volatile Supplier<byte[]> healthReport = () -> new byte[0];
    private volatile UnaryOperator<byte[]> tail = question -> new byte[0];

    private ClusteredStore(StoreConfig config, ZoneRules rules, InstantSource time, Opened opened) {
        this.nodeId = opened.nodeId;
        this.folder = opened.folder;
        this.journal = opened.journal;
        this.counters = opened.counters;
        this.peerTimeout = config.replication().peerTimeout();
        clock = new HybridClock(time, nodeId, config.clockDriftMax());
        if (!clock.heard(journal.highestStamp())) {
            LOG.warn("the newest change on disk is from the future: this node's clock was ahead, or is behind now");
        }
        publisher = new ViewPublisher(view, clock, counters.write);
        ZoneLocks locks = new ZoneLocks();
        var parts = new ChangePath.Parts(journal, publisher, locks, clock, counters.write);
        Follower follower = new Follower(journal, publisher, locks, clock, counters.write, config.write());
        cluster = new Cluster(
                config.cluster(),
                nodeId,
                counters.cluster,
                new PeerAnswers(journal, follower, this::report, new Work()),
                new Events());
        mapWriter = new MapWriter(journal, cluster::joined);
        path = new ChangePath(parts, new ChangePlanner(rules));
        reconciler = new Reconciler(
                parts,
                follower,
                mapWriter,
                new Reconciler.Settings(peerTimeout, config.replication().conflictsMax(), counters.merge));
        leader = new LeaderDuties(
                parts,
                reconciler,
                mapWriter,
                new LeaderDuties.Settings(config.replication().compareInterval(), peerTimeout),
                counters.duties,
                cluster::joined,
                this::judge);
        foreign = new ClientWrites(parts, path, mapWriter, leader, counters.clients, config.writeTimeout());
        firstComparison = new FirstComparison(
                journal,
                locks,
                cluster::joined,
                new FirstComparison.Settings(config::hasOthers, config.network().isPresent(), peerTimeout));
        redelivery = new Redelivery(cluster::joined, counters.write, peerTimeout);
        clockWatch = new ClockWatch(
                clock,
                cluster::joined,
                new ClockWatch.Settings(
                        config.replication().compareInterval(),
                        peerTimeout,
                        config.replication().clockWarning()));
        writer = new Writer(config.write(), cluster, parts, path, mapWriter);
        nodes = new Nodes(nodeId, peerTimeout);
    }

    private void judge(MembershipSession joined, String key) {
        foreign.look(joined, key);
    }

    /** What other nodes may set going here. */
    private final class Work implements PeerAnswers.Work {
        @Override
        public PeerCodec.Taken catchUp(DomainName zone, String node) throws IOException, InterruptedException {
            // Others see this node a moment before it has set itself up.
            Optional<MembershipSession> joined = cluster.join(Deadline.in(peerTimeout.dividedBy(2)));
            Optional<Member> member = joined.flatMap(j -> j.peers().node(node));
            return member.isPresent()
                    ? reconciler.catchUp(joined.orElseThrow(), member.get(), zone)
                    : PeerCodec.Taken.REFUSED;
        }

        @Override
        public void compare(DomainName zone, String node) {
            leader.compare(zone, node);
        }

        @Override
        public byte[] health() {
            return healthReport.get();
        }

        @Override
        public byte[] tail(byte[] question) {
            return tail.apply(question);
        }
    }

    /** What happens here as membership changes. */
    private final class Events implements Cluster.Events {
        @Override
        public void joined(MembershipSession joined) {
            foreign.follow(joined);
        }

        @Override
        public void arrived() {
            cluster.joined().ifPresent(nodes::note);
            leader.compareAll();
            clockWatch.look();
        }

        @Override
        public void changed() {
            cluster.joined().ifPresent(nodes::note);
            leader.compareAllAndMaps();
            clockWatch.look();
        }

        @Override
        public void undelivered(DomainName zone, String node) {
            redelivery.note(zone, node);
        }
    }

    private record Opened(DataFolder folder, String nodeId, Journal journal, StoreCounters counters) {}

    /**
     * Fills the view from the node's own disk and starts the cluster layer in the background.
     *
     * @throws StoreException with one plain sentence for each problem; nothing is left open then
     */
    public static ClusteredStore open(StoreConfig config, ZoneRules rules, InstantSource time) {
        ClusteredStore store = openAlone(config, rules, time);
        store.join();
        return store;
    }

    /**
     * Fills the view from the node's own disk; changes are refused until {@link #join} was called and has led to a cluster.
     *
     * @throws StoreException with one plain sentence for each problem; nothing is left open then
     */
    public static ClusteredStore openAlone(StoreConfig config, ZoneRules rules, InstantSource time) {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new StoreException(problems);
        }
        checkPort(config, config.port());
        config.clientPort().ifPresent(port -> checkPort(config, port));
        long start = System.nanoTime();
        ClusteredStore store = new ClusteredStore(config, rules, time, openFolder(config));
        store.fillView();
        LOG.info(
                "{} zones with {} records read from {} in {} ms",
                store.view.get().zones().size(),
                store.status().records(),
                config.dataFolder(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return store;
    }

    /** Starts the cluster layer in the background; once. To be called when DNS answers: until then it has the machine to itself. */
    public void join() {
        view.get().zones().values().forEach(ZoneState::prepareIndex);
        cluster.start();
        firstComparison.start();
    }

    /** Hazelcast starts later and in the background; a busy port is to be told now. */
    private static void checkPort(StoreConfig config, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(config.bindAddress(), port));
        } catch (IOException e) {
            throw new StoreException(
                    "The cluster layer cannot listen on " + config.bindAddress().getHostAddress() + " port " + port
                            + ": " + e.getMessage() + ".",
                    e);
        }
    }

    private static Opened openFolder(StoreConfig config) {
        DataFolder folder = DataFolder.open(config.dataFolder());
        try {
            String nodeId = folder.nodeId(config.nodeId());
            StoreCounters counters = new StoreCounters();
            return new Opened(folder, nodeId, Journal.open(folder, config.journal(), counters.journal), counters);
        } catch (IOException e) {
            folder.close();
            throw new StoreException(
                    "The data folder " + config.dataFolder() + " cannot be used: " + DataFolder.plain(e) + ".", e);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private void fillView() {
        for (ZoneImage zone : journal.image().zones().values()) {
            zone.state().ifPresent(state -> view.update(state, state.names().keySet()));
        }
    }

    @Override
    public CurrentView view() {
        return view;
    }

    @Override
    public ChangeOutcome apply(ChangeSet change) {
        ChangeOutcome outcome = writer.apply(change);
        switch (outcome) {
            case ChangeOutcome.Applied applied -> {
                counters.applied.increment();
                lastDisks = applied.disks();
            }
            case ChangeOutcome.Invalid ignored -> counters.invalid.increment();
            case ChangeOutcome.VersionConflict ignored -> counters.conflicts.increment();
            case ChangeOutcome.Unavailable ignored -> counters.unavailable.increment();
            case ChangeOutcome.Unknown ignored -> counters.unknown.increment();
        }
        return outcome;
    }

    @Override
    public boolean awaitMembership(Duration atMost) throws InterruptedException {
        return cluster.awaitFirstJoin(Deadline.in(atMost));
    }

    /** What this node's application tells the others beside the store's own facts: a JSON text, made at each call. */
    public void applicationFacts(Supplier<String> facts) {
        applicationFacts = facts;
    }

    /** What this node tells the others of its health checks, made at each call. */
    public void healthReport(Supplier<byte[]> report) {
        healthReport = report;
    }

    /**
     * What the other nodes tell of theirs, by node; those that do not answer within two seconds, or the peer timeout if that is shorter,
     * and those of a version that knows no such question, are left out. Blocks.
     */
    public Map<String, byte[]> healthReports() {
        return cluster.joined().map(nodes::healthReports).orElse(Map.of());
    }

    /** What this node answers to other nodes that follow its log of requests. */
    public void tail(UnaryOperator<byte[]> answers) {
        tail = answers;
    }

    /** What the other nodes answer to such a question, by node, as {@link #healthReports} does. Blocks. */
    public Map<String, byte[]> tails(byte[] question) {
        return cluster.joined().map(joined -> nodes.tails(joined, question)).orElse(Map.of());
    }

    private NodeReport report() {
        return new NodeReport(
                nodeId,
                Digests.of(journal.image()),
                publisher.lagMs(),
                lastDisks,
                clock.wallMillis(),
                clock.correctionMs(),
                applicationFacts.get());
    }

    @Override
    public boolean isLeading() {
        try {
            return cluster.joined().filter(joined -> joined.peers().isOldest()).isPresent();
        } catch (RuntimeException e) {
            return false; // the cluster layer is going down
        }
    }

    @Override
    public InstantSource clock() {
        return () -> Instant.ofEpochMilli(clock.now());
    }

    @Override
    public List<NodeView> nodes() {
        return nodes.now(report(), cluster.joined());
    }

    @Override
    public Map<DomainName, List<Conflict>> conflicts() {
        Map<DomainName, List<Conflict>> conflicts = new TreeMap<>();
        journal.image().zones().forEach((zone, image) -> {
            if (!image.conflicts().isEmpty()) {
                conflicts.put(
                        zone,
                        image.conflicts().values().stream()
                                .sorted(Comparator.comparing(Conflict::merged).thenComparing(Conflict::id))
                                .toList());
            }
        });
        return conflicts;
    }

    @Override
    public void backup(OutputStream out, String version, Predicate<String> documents) throws IOException {
        BackupTitle title = new BackupTitle(nodeId, version, Instant.ofEpochMilli(clock.now()));
        new BackupWriter(out).write(journal.image(), title, documents);
        counters.backups.increment();
    }

    /**
     * Whether this node came empty into its cluster and does not have yet what the others had then: what it denies may be there. It goes
     * on by itself.
     */
    public boolean isFirstComparisonPending() {
        return firstComparison.isPending();
    }

    /** Whether a change would be taken now, as far as this node knows: the cluster layer is up and as many nodes are here as a write needs. */
    public boolean takesChanges() {
        return writer.isOpen();
    }

    /** A number that is equal on nodes that hold the same. */
    public long digest() {
        return Digests.of(journal.image());
    }

    /** Waits until the cluster maps hold what this node has written, at most that long; whether they do. */
    public boolean flushMaps(Duration timeout) throws InterruptedException {
        return mapWriter.flush(Deadline.in(timeout));
    }

    @Override
    public StoreStatus status() {
        EdgeView now = view.get();
        long records =
                now.zones().values().stream().mapToLong(z -> z.recordCount()).sum();
        Optional<String> error = Stream.of(
                        journal.damage().stream(),
                        path.lastError().stream(),
                        cluster.error().stream(),
                        clockWatch.warning().stream())
                .flatMap(s -> s)
                .reduce((a, b) -> a + "; " + b);
        return new StoreStatus(
                nodeId,
                cluster.isJoined(),
                cluster.members(),
                now.zones().size(),
                records,
                journal.logBytes(),
                digest(),
                mapWriter.backlog(),
                error);
    }

    public StoreCounters counters() {
        return counters;
    }

    /** Where Hazelcast clients may connect, once joined and if they may at all. */
    public Optional<InetSocketAddress> clientAddress() {
        return cluster.address(EndpointQualifier.CLIENT);
    }

    /** Where other nodes connect, once joined. */
    public Optional<InetSocketAddress> memberAddress() {
        return cluster.address(EndpointQualifier.MEMBER);
    }

    @Override
    public void close() {
        close(LEAVE_MAX);
    }

    /**
     * The same, and leaves the cluster within that time: in good order, so that the other nodes have the maps' entries, or without a word
     * where that takes longer.
     */
    public void close(Duration atMost) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.shutdown();
        leader.close();
        redelivery.close();
        firstComparison.close();
        clockWatch.close();
        mapWriter.close();
        cluster.close(atMost);
        foreign.close();
        writer.close();
        journal.close();
        folder.close();
    }
}
