package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code edge run --join}: makes this node a member before it starts. Blocks. */
public final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final String NODE_ID = "node-id";
    private static final int NODE_ID_OCTETS = 8;

    private final Vertx vertx;
    private final ClusterConfig config;
    private final InstantSource clock;

    public Joining(Vertx vertx, ClusterConfig config, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Uses the token, unless this node is a member already.
     *
     * @param id the node's configured id
     * @return why it did not work, one plain line each; empty when the node is a member now
     */
    public List<String> join(String text, Optional<String> id) {
        Optional<JoinToken> token = JoinToken.parse(text);
        if (token.isEmpty()) {
            return List.of("--join: this is no join token; 'edge cluster invite' on a member prints one");
        }
        if (config.name().filter(name -> !name.equals(token.get().cluster())).isPresent()) {
            return List.of(
                    "--join: the token is for the cluster '" + token.get().cluster() + "', but cluster.name is '"
                            + config.name().get() + "'");
        }
        if (!config.isTunnel()) {
            return List.of("--join: cluster.mode keeps this node from joining others; it must be 'tunnel'");
        }
        Optional<HostPort> address = config.reachedAt();
        if (config.listen().isEmpty() || address.isEmpty()) {
            return List.of("--join: the other nodes must know where to reach this one: set cluster.listen to one of its"
                    + " addresses and a port (and cluster.advertise, where they reach it at another address)");
        }
        try {
            Optional<Identity> before = Identity.load(config.dataFolder());
            if (before.isPresent() && !isRemoved(before.get())) {
                return already(before.get(), token.get());
            }
            return join(token.get(), nodeId(id), address.get());
        } catch (IOException e) {
            return List.of("data: " + e.getMessage());
        }
    }

    private boolean isRemoved(Identity identity) {
        return new CurrentMembership(config.dataFolder(), identity, clock).isRemoved();
    }

    private static List<String> already(Identity identity, JoinToken token) {
        if (!identity.name().cluster().equals(token.cluster())) {
            return List.of("--join: this node is in the cluster '"
                    + identity.name().cluster() + "' already, and the token is for '" + token.cluster() + "'");
        }
        LOG.info("this node is in the cluster {} already; the join token is not needed", token.cluster());
        return List.of();
    }

    private List<String> join(JoinToken token, String id, HostPort address) throws IOException {
        return switch (new JoinCall(vertx, token, config.handshake(), clock).join(id, address)) {
            case JoinCall.Outcome.Failed failed ->
                failed.reasons().stream().map(reason -> "--join: " + reason).toList();
            case JoinCall.Outcome.Joined(Identity identity) -> {
                identity.save(config.dataFolder());
                LOG.info(
                        "joined the cluster {} as node {}, number {}",
                        identity.name().cluster(),
                        identity.name().id(),
                        identity.name().number());
                yield List.of();
            }
        };
    }

    /** The configured id, else the one that an earlier start made, else a new one. */
    private String nodeId(Optional<String> configured) throws IOException {
        if (configured.isPresent()) {
            return configured.get();
        }
        Path file = config.dataFolder().resolve(NODE_ID);
        if (Files.exists(file)) {
            String id = Files.readString(file).strip();
            if (id.matches("[A-Za-z0-9_-]{1,64}")) {
                return id;
            }
        }
        byte[] random = new byte[NODE_ID_OCTETS];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
