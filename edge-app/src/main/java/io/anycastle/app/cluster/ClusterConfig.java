package io.anycastle.app.cluster;

import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The member network's settings.
 *
 * @param isTunnel whether the node may be in a cluster that the tunnel connects
 * @param dataFolder where the node's identity lies
 * @param name the cluster's name, where it was given
 * @param listen where the tunnel takes connections; without it the node cannot be in a cluster
 * @param advertise where the others reach it, when that is another address
 * @param port of Hazelcast's loopback address; 0 takes a free one
 * @param certificateLifetime how long a node's certificate is good
 * @param renewBefore a node renews its certificate when less than this is left of it
 * @param authorityLifetime how long a CA is good
 * @param overlap for how long a replaced CA is still believed
 * @param connect the longest time until another node takes a connection
 * @param handshake the longest time for each step before a connection carries data
 * @param askInterval how often the others are asked which nodes there are
 * @param connectionsMax connections to the tunnel at one time
 * @param joinsPerMinute join attempts per client address and minute
 * @param retry pause between two tries of what may pass: a busy loopback address, a node that cannot be asked
 */
public record ClusterConfig(
        boolean isTunnel,
        Path dataFolder,
        Optional<String> name,
        Optional<HostPort> listen,
        Optional<HostPort> advertise,
        int port,
        Duration certificateLifetime,
        Duration renewBefore,
        Duration authorityLifetime,
        Duration overlap,
        Duration connect,
        Duration handshake,
        Duration askInterval,
        int connectionsMax,
        int joinsPerMinute,
        Duration retry) {
    static final String NAME_DEFAULT = ClusterKeys.NAME.fallback();

    public static ClusterConfig of(EdgeConfig config) {
        return new ClusterConfig(
                config.value(ClusterKeys.MODE) == ClusterKeys.Mode.TUNNEL,
                config.value(Keys.DATA),
                config.isGiven(ClusterKeys.NAME) ? Optional.of(config.value(ClusterKeys.NAME)) : Optional.empty(),
                config.value(ClusterKeys.LISTEN),
                config.value(ClusterKeys.ADVERTISE),
                config.value(ClusterKeys.PORT),
                config.value(ClusterKeys.CERTIFICATE_LIFETIME),
                config.value(ClusterKeys.RENEW_BEFORE),
                config.value(ClusterKeys.CA_LIFETIME),
                config.value(ClusterKeys.CA_OVERLAP),
                config.value(ClusterKeys.CONNECT),
                config.value(ClusterKeys.HANDSHAKE),
                config.value(ClusterKeys.ASK_INTERVAL),
                config.value(ClusterKeys.CONNECTIONS_MAX),
                config.value(ClusterKeys.JOINS_PER_MINUTE),
                config.value(ClusterKeys.RESTART_DELAY));
    }

    /** Where the others reach this node; empty when nothing usable is set. */
    Optional<HostPort> reachedAt() {
        return advertise.or(() -> listen).filter(at -> !at.address().isAnyLocalAddress());
    }
}
