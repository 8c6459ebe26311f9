package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.anycastle.core.store.MemberNetwork;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's place in its cluster: none until it invites or joins, then that of a member. Any thread. */
public final class Membership implements MemberNetwork, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int FIRST = 1;

    private final ClusterConfig config;
    private final InstantSource clock;
    private final ClusterSecrets secrets;
    private final TunnelCounters counters = new TunnelCounters();
    private final InetSocketAddress bound;
    private final InetSocketAddress knownBy;
    private final @Nullable CurrentMembership loaded;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("anycastle-members").daemon().factory());
    private final CompletableFuture<MemberAgent> started = new CompletableFuture<>();
    private volatile @Nullable MemberAgent agent;
    private volatile MemberAgent.@Nullable Parts parts;
    private volatile @Nullable Consumer<List<InetSocketAddress>> follower;
    private volatile String nodeId = "";

    private Membership(ClusterConfig config, InstantSource clock, Optional<Identity> identity) {
        this.config = config;
        this.clock = clock;
        this.secrets = new ClusterSecrets(
                config, () -> view().map(view -> view.identity().clusterKey()));
        this.loaded = identity.map(known -> new CurrentMembership(config.dataFolder(), known, clock))
                .orElse(null);
        int number = identity.map(known -> known.name().number()).orElse(FIRST);
        InetAddress address = here(MemberAddresses.boundTo(number));
        int port = config.port() == 0 ? freePort(address) : config.port();
        this.bound = new InetSocketAddress(address, port);
        int memberPort = loaded == null
                ? port
                : loaded.memberList().authorities().map(Authorities::port).orElse(port);
        boolean isPlain = !address.equals(MemberAddresses.boundTo(number));
        this.knownBy = isPlain ? bound : new InetSocketAddress(MemberAddresses.knownBy(number), memberPort);
    }

    /** Some systems have no loopback addresses but 127.0.0.1; a node alone runs there too. */
    private static InetAddress here(InetAddress wanted) {
        try (ServerSocket probe = new ServerSocket(0, 1, wanted)) {
            return probe.getInetAddress();
        } catch (IOException e) {
            return InetAddress.ofLiteral("127.0.0.1");
        }
    }

    private static int freePort(InetAddress address) {
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port on " + address, e);
        }
    }

    /**
     * What the data folder says.
     *
     * @throws IOException with one plain sentence when it cannot be used
     */
    public static Membership load(ClusterConfig config, InstantSource clock) throws IOException {
        Optional<Identity> identity = config.isTunnel() ? Identity.load(config.dataFolder()) : Optional.empty();
        if (identity.isPresent()) {
            String cluster = identity.get().name().cluster();
            if (config.name().isPresent() && !config.name().get().equals(cluster)) {
                throw new IOException("cluster.name is '" + config.name().get() + "', but the data folder "
                        + config.dataFolder() + " belongs to a node of the cluster '" + cluster + "'");
            }
            if (config.listen().isEmpty() && identity.get().known().size() > 0) {
                throw new IOException("cluster.listen is not set, but this node is in the cluster '" + cluster + "'");
            }
        }
        return new Membership(config, clock, identity);
    }

    /** Whether the data folder makes this node a member. */
    public boolean isMember() {
        return agent != null || loaded != null;
    }

    /** The cluster's name, where this node is in one. */
    public Optional<String> cluster() {
        return name().map(NodeName::cluster);
    }

    /** The id that this node has in its cluster, where it is in one. */
    public Optional<String> id() {
        return name().map(NodeName::id);
    }

    private Optional<NodeName> name() {
        return view().map(MembershipView::self);
    }

    private Optional<CurrentMembership> view() {
        MemberAgent now = agent;
        return Optional.ofNullable(now == null ? loaded : now.view());
    }

    /**
     * A secret that every node of the cluster has and nobody else, made from the cluster key, which it does not give away; empty where
     * this node is in no cluster.
     *
     * @param purpose other purposes have other secrets
     */
    public Optional<byte[]> secretFor(String purpose) {
        return view().map(view -> view.identity().clusterKey().derive(purpose));
    }

    /** What is sealed for the nodes of the cluster. */
    public ClusterSecrets secrets() {
        return secrets;
    }

    /** Where this node's Hazelcast is to listen. */
    public InetSocketAddress bound() {
        return bound;
    }

    public TunnelCounters counters() {
        return counters;
    }

    @Override
    public InetSocketAddress knownBy() {
        return knownBy;
    }

    /** Lets the tunnel come up; returns at once. Called when the node's other sockets are open. */
    public void start(ClusterDocuments documents, String id) {
        nodeId = id;
        MemberAgent.Parts given = new MemberAgent.Parts(config, documents, counters, clock);
        parts = given;
        if (loaded != null) {
            MemberAgent made = new MemberAgent(given, loaded, bound, thread);
            agent = made;
            started.complete(made);
            Consumer<List<InetSocketAddress>> waiting = follower;
            if (waiting != null) {
                made.follow(waiting);
            }
            thread.execute(() -> MemberAgent.guarded(made::beginWhenOpen));
        }
    }

    @Override
    public boolean hasOthers() {
        CurrentMembership now = loaded;
        return now != null && !now.isRemoved() && !now.others().isEmpty();
    }

    @Override
    public List<InetSocketAddress> open() {
        if (loaded == null && agent == null) {
            return List.of();
        }
        long patience = System.nanoTime() + PATIENCE.toNanos();
        try {
            MemberAgent now = started.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!now.awaitOpen(Duration.ofNanos(patience - System.nanoTime()))) {
                throw new MembershipException(now.error().orElse("the tunnel is not open"));
            }
            return now.others();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MembershipException("the node stops");
        } catch (ExecutionException | CancellationException e) {
            throw new MembershipException("the node stops");
        } catch (TimeoutException e) {
            throw new MembershipException("the node is still starting");
        }
    }

    @Override
    public void follow(Consumer<List<InetSocketAddress>> others) {
        follower = others;
        MemberAgent now = agent;
        if (now != null) {
            now.follow(others);
        }
    }

    /** Makes a join token; the first one makes this node the first of a cluster. Blocks. */
    public JoinToken invite(Duration lifetime) {
        MemberAgent now = agent();
        CurrentMembership view = now.view();
        List<HostPort> addresses = new ArrayList<>();
        addresses.add(config.reachedAt().orElseThrow(Membership::unreachable));
        view.others().forEach(node -> addresses.add(node.address()));
        Authorities authorities = view.memberList().authorities().orElseThrow();
        JoinToken token = JoinToken.fresh(view.self().cluster(), addresses, authorities.fingerprint());
        Instant time = clock.instant();
        Invitation invitation =
                new Invitation(token.id(), JoinToken.hash(token.secret()), time.plus(lifetime), Optional.empty());
        change(all -> {
            Map<String, Optional<String>> edits = new HashMap<>();
            all.forEach((key, text) -> {
                if (key.startsWith(Invitation.PREFIX)
                        && Invitation.parse(text)
                                .filter(i -> !i.isForgotten(time))
                                .isEmpty()) {
                    edits.put(key, Optional.empty());
                }
            });
            edits.put(invitation.key(), Optional.of(invitation.text()));
            return new ClusterDocuments.Plan<>(edits, true);
        });
        LOG.info("invitation {} made, it ends at {}", token.id(), invitation.expires());
        return token;
    }

    private static MembershipException unreachable() {
        return new MembershipException(
                "the other nodes must know where to reach this one: set cluster.listen to one of its addresses and a"
                        + " port, such as 192.0.2.1:5702 (and cluster.advertise, where they reach it at another address), and start it"
                        + " again");
    }

    private MemberAgent agent() {
        MemberAgent now = agent;
        if (now == null) {
            try {
                now = thread.submit(this::found).get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MembershipException("the node stops");
            } catch (ExecutionException e) {
                throw switch (e.getCause()) {
                    case MembershipException told -> told;
                    case IOException disk -> new MembershipException(String.valueOf(disk.getMessage()));
                    case null, default -> new MembershipException(String.valueOf(e.getCause()));
                };
            }
        }
        if (now.view().isRemoved()) {
            throw new MembershipException("this node was removed from the cluster");
        }
        return now;
    }

    /** Makes this node the first of its cluster. On the members' thread. */
    private MemberAgent found() throws IOException {
        MemberAgent before = agent;
        MemberAgent.Parts given = parts;
        if (before != null) {
            return before;
        }
        if (!config.isTunnel()) {
            throw new MembershipException("cluster.mode keeps this node from inviting others; it must be 'tunnel'");
        }
        if (given == null) {
            throw new MembershipException("the node is still starting");
        }
        HostPort reached = config.reachedAt().orElseThrow(Membership::unreachable);
        if (config.listen().isEmpty()) {
            throw unreachable();
        }
        if (knownBy.equals(bound)) {
            throw new MembershipException(
                    "this system lacks the loopback addresses 127.77.0.1 and 127.78.0.1 that the tunnel needs");
        }
        CurrentMembership view = new CurrentMembership(config.dataFolder(), firstIdentity(reached), clock);
        MemberAgent made = new MemberAgent(given, view, bound, thread);
        try {
            made.openServer();
        } catch (java.util.concurrent.CompletionException e) {
            made.close();
            throw new MembershipException("the tunnel cannot listen on "
                    + config.listen().get() + ": " + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
        view.identity().save(config.dataFolder());
        agent = made;
        started.complete(made);
        Consumer<List<InetSocketAddress>> waiting = follower;
        if (waiting != null) {
            made.follow(waiting);
        }
        made.begin();
        made.maintain();
        LOG.info(
                "this node is the first of the cluster {}; its tunnel listens on {}; back up {} apart from the data",
                view.self().cluster(),
                config.listen().get(),
                config.dataFolder().resolve(ClusterKey.FILE));
        return made;
    }

    /** A cluster key that an operator has put into the folder is taken over: secrets of a restored backup open with it. */
    private Identity firstIdentity(HostPort reached) throws IOException {
        Instant now = clock.instant();
        String cluster = config.name().orElse(ClusterConfig.NAME_DEFAULT);
        NodeName name = new NodeName(cluster, nodeId, FIRST);
        ClusterKey key = ClusterKey.in(config.dataFolder()).orElseGet(ClusterKey::fresh);
        Authority authority = Authority.found(cluster, now, config.authorityLifetime());
        KeyPair pair = Keypairs.fresh();
        X509Certificate certificate = authority.certify(name, pair.getPublic(), now, config.certificateLifetime());
        NodeEntry entry = new NodeEntry(
                nodeId,
                FIRST,
                reached,
                List.of(Keypairs.fingerprint(pair.getPublic())),
                now,
                certificate.getNotAfter().toInstant(),
                Optional.empty(),
                1);
        Authorities authorities = Authorities.first(cluster, knownBy.getPort(), authority, key);
        Map<String, String> known = Map.of(entry.key(), entry.text(), Authorities.KEY, authorities.text());
        return new Identity(name, pair.getPrivate(), certificate, key, known);
    }

    private <T> T change(java.util.function.Function<Map<String, String>, ClusterDocuments.Plan<T>> plan) {
        MemberAgent.Parts given = parts;
        if (given == null) {
            throw new MembershipException("the node is still starting");
        }
        return switch (given.documents().change(plan)) {
            case ClusterDocuments.Outcome.Done<T>(T result) -> result;
            case ClusterDocuments.Outcome.Failed<T>(String reason) -> throw new MembershipException(reason);
        };
    }

    /** All nodes that the cluster ever had, by number; none when this node is in no cluster. */
    public List<ListedNode> list() {
        MemberAgent now = agent;
        if (now == null) {
            return List.of();
        }
        return now.view().memberList().nodes().values().stream()
                .sorted(java.util.Comparator.comparingInt(NodeEntry::number))
                .map(node -> new ListedNode(
                        node.id(), node.number(), node.address().toString(), node.expires(), state(now, node)))
                .toList();
    }

    private static ListedNode.State state(MemberAgent agent, NodeEntry node) {
        if (node.isRemoved()) {
            return ListedNode.State.REMOVED;
        }
        if (node.id().equals(agent.view().self().id())) {
            return ListedNode.State.SELF;
        }
        return agent.isConnected(node.id()) ? ListedNode.State.CONNECTED : ListedNode.State.NOT_CONNECTED;
    }

    /** Takes a node, named by id or number, out of the cluster for good. Blocks. */
    public ListedNode remove(String idOrNumber) {
        MemberAgent now = member();
        NodeEntry removed = this.<Optional<NodeEntry>>change(all -> {
                    MemberList memberList =
                            MemberList.of(Versions.newest(now.view().documents(), all));
                    NodeEntry node = memberList
                            .find(idOrNumber)
                            .orElseThrow(() -> new MembershipException("there is no node " + idOrNumber
                                    + " in the cluster; 'edge cluster list' shows them"));
                    if (node.id().equals(now.view().self().id())) {
                        throw new MembershipException(
                                "node " + node.id() + " is the one that you ask; ask another one to remove it");
                    }
                    if (node.isRemoved()) {
                        return new ClusterDocuments.Plan<>(Map.of(), Optional.of(node));
                    }
                    NodeEntry gone = node.removedAt(clock.instant());
                    return new ClusterDocuments.Plan<>(Map.of(gone.key(), Optional.of(gone.text())), Optional.of(gone));
                })
                .orElseThrow();
        LOG.info("node {} was removed from the cluster", removed.id());
        return new ListedNode(
                removed.id(),
                removed.number(),
                removed.address().toString(),
                removed.expires(),
                ListedNode.State.REMOVED);
    }

    private MemberAgent member() {
        MemberAgent now = agent;
        if (now == null) {
            throw new MembershipException("this node is in no cluster; 'edge cluster invite' begins one");
        }
        return agent();
    }

    /**
     * Makes a new CA; the old one is believed beside it for the configured time, join tokens that are out work no more. Blocks.
     *
     * @return until when the old CA is believed
     */
    public Instant rotate() {
        MemberAgent now = member();
        Instant time = clock.instant();
        Instant until = time.plus(config.overlap());
        ClusterKey key = now.view().identity().clusterKey();
        Authority next = Authority.found(now.view().self().cluster(), time, config.authorityLifetime());
        change(all -> {
            Authorities old = MemberList.of(Versions.newest(now.view().documents(), all))
                    .authorities()
                    .orElseThrow(() -> new MembershipException("the cluster's CA is not known here"));
            if (old.signer(key).isEmpty()) {
                throw new MembershipException(
                        ClusterKey.FILE + " does not open the CA's key; restore it from a backup");
            }
            Map<String, Optional<String>> edits = new HashMap<>();
            edits.put(
                    Authorities.KEY,
                    Optional.of(old.rotated(next, key, time, until).text()));
            all.keySet().stream()
                    .filter(document -> document.startsWith(Invitation.PREFIX))
                    .forEach(document -> edits.put(document, Optional.empty()));
            return new ClusterDocuments.Plan<>(edits, true);
        });
        LOG.info("the cluster has a new CA; the old one is believed until {}", until);
        return until;
    }

    /** For the node's status page. */
    public JsonObject status() {
        MemberAgent now = agent;
        if (now == null) {
            return new JsonObject().put("mode", "single");
        }
        CurrentMembership view = now.view();
        long connected = view.others().stream()
                .filter(node -> now.isConnected(node.id()))
                .count();
        return new JsonObject()
                .put("mode", "tunnel")
                .put("cluster", view.self().cluster())
                .put("number", view.self().number())
                .put("listen", config.listen().map(HostPort::toString).orElse(null))
                .put("other_nodes", view.others().size())
                .put("connected_nodes", connected)
                .put(
                        "certificate_expires",
                        view.identity().certificate().getNotAfter().toInstant().toString())
                .put("removed", view.isRemoved())
                .put("error", now.error().orElse(null));
    }

    /** Whoever waits for the tunnel to open waits no longer: the node stops. */
    public void stopWaiting() {
        started.cancel(false);
        MemberAgent now = agent;
        if (now != null) {
            now.stopWaiting();
        }
    }

    /** Cuts all connections. */
    @Override
    public void close() {
        thread.shutdownNow();
        MemberAgent now = agent;
        if (now != null) {
            now.close();
        }
    }
}
