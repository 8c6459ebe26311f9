package io.anycastle.core.store.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.CacheDeserializedValues;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MetadataPolicy;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.MemberAddressProvider;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.spi.properties.ClusterProperty;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The cluster layer's configuration: nothing is found by itself, nothing listens but the named address, nobody but members may connect
 * unless clients are switched on, and it stays small on a small machine.
 */
final class HazelcastSettings {
    private HazelcastSettings() {}

    /** @param format the newest stored form that this version reads and writes */
    static Config of(ClusterSettings settings, String nodeId, int format, PeerCall.Answers answers) {
        List<String> others = settings.network().map(way -> texts(way.open())).orElse(settings.members());
        Config config = new Config();
        config.getUserContext().put(PeerCall.ANSWERS, answers);
        config.getMemberAttributeConfig()
                .setAttribute(Peers.NODE, nodeId)
                .setAttribute(Peers.FORMAT, Integer.toString(format));
        config.getSerializationConfig().getCompactSerializationConfig().addSerializer(new PeerCall.Form());
        config.addExecutorConfig(new ExecutorConfig(Peers.EXECUTOR, 16).setStatisticsEnabled(false));
        config.setClusterName(settings.name());
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(exceptionsOnly());
        config.addMapConfig(map("anycastle.*", settings));
        network(config.getAdvancedNetworkConfig(), settings, others);
        behaviour(config, settings);
        set(config, ClusterProperty.WAIT_SECONDS_BEFORE_JOIN, others.isEmpty() ? 0 : 1);
        threads(config, settings.maps());
        return config;
    }

    /** Values are octets and nothing beside them: what Hazelcast would note of JSON for its queries is larger than the values. */
    private static MapConfig map(String name, ClusterSettings settings) {
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setMetadataPolicy(MetadataPolicy.OFF)
                .setCacheDeserializedValues(CacheDeserializedValues.NEVER)
                .setBackupCount(settings.maps().backups())
                .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), 500))
                .setStatisticsEnabled(false)
                .setPerEntryStatsEnabled(false);
    }

    /** Values are JSON and strings; only the errors that members tell each other are Java objects. */
    private static JavaSerializationFilterConfig exceptionsOnly() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        filter.getWhitelist()
                .addPrefixes(
                        "com.hazelcast.",
                        "java.lang.",
                        "[Ljava.lang.",
                        "java.util.Collections$",
                        "java.util.ArrayList",
                        "java.util.NoSuchElementException",
                        "java.util.concurrent.",
                        "java.io.IOException",
                        "java.net.",
                        "java.nio.channels.");
        return filter;
    }

    private static void network(AdvancedNetworkConfig network, ClusterSettings settings, List<String> others) {
        network.setEnabled(true);
        network.setMemberEndpointConfig(endpoint(new ServerSocketEndpointConfig(), settings, settings.port()));
        settings.clientPort()
                .ifPresent(port ->
                        network.setClientEndpointConfig(endpoint(new ServerSocketEndpointConfig(), settings, port)));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        TcpIpConfig tcp = join.getTcpIpConfig()
                .setEnabled(!others.isEmpty() || settings.network().isPresent());
        tcp.setMembers(others);
        // A look for a cluster outlasts every try to connect: who is silent is known by its end, and not asked for ten
        // seconds who
        // begins one.
        tcp.setConnectionTimeoutSeconds(seconds(settings.times().connect()) + 2);
        settings.network().ifPresent(way -> indirect(network, settings, way));
    }

    /** The joiner reads the list of members anew each time it looks for them, so it may change while the layer runs. */
    private static void indirect(AdvancedNetworkConfig network, ClusterSettings settings, MemberPaths way) {
        TcpIpConfig members = network.getJoin().getTcpIpConfig();
        way.follow(others -> members.setMembers(texts(others)));
        network.getMemberAddressProviderConfig()
                .setEnabled(true)
                .setImplementation(new KnownElsewhere(settings.bindAddress(), way.knownBy()));
    }

    private static List<String> texts(List<InetSocketAddress> addresses) {
        return addresses.stream()
                .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                .toList();
    }

    /** Binds to one address and tells the other members another. */
    private record KnownElsewhere(InetAddress bound, InetSocketAddress knownBy) implements MemberAddressProvider {
        @Override
        public InetSocketAddress getBindAddress() {
            return new InetSocketAddress(bound, 0); // the port of the endpoint's own configuration
        }

        /** Clients of the maps come from this machine, to where they always came. */
        @Override
        public InetSocketAddress getBindAddress(EndpointQualifier peer) {
            return peer.equals(EndpointQualifier.MEMBER)
                    ? getBindAddress()
                    : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public InetSocketAddress getPublicAddress() {
            return knownBy;
        }

        @Override
        public InetSocketAddress getPublicAddress(EndpointQualifier peer) {
            return peer.equals(EndpointQualifier.MEMBER) ? knownBy : getBindAddress(peer);
        }
    }

    private static ServerSocketEndpointConfig endpoint(
            ServerSocketEndpointConfig endpoint, ClusterSettings settings, int port) {
        endpoint.setPort(port).setPortAutoIncrement(false).setReuseAddress(true);
        endpoint.getInterfaces()
                .setEnabled(true)
                .addInterface(settings.bindAddress().getHostAddress());
        return endpoint;
    }

    private static void behaviour(Config config, ClusterSettings settings) {
        set(config, ClusterProperty.SOCKET_BIND_ANY, false);
        set(config, ClusterProperty.PHONE_HOME_ENABLED, false);
        set(config, ClusterProperty.SHUTDOWNHOOK_ENABLED, false);
        set(config, ClusterProperty.LOGGING_TYPE, "slf4j");
        set(config, ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE, true);
        set(
                config,
                ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS,
                settings.times().write().toMillis());
        set(
                config,
                ClusterProperty.MAX_NO_HEARTBEAT_SECONDS,
                settings.times().heartbeat().toSeconds());
        set(
                config,
                ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT,
                settings.times().write().toSeconds());
        set(config, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, 1);
        long mergeSeconds = seconds(settings.times().merge());
        set(config, ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS, mergeSeconds);
        set(config, ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS, mergeSeconds);
        set(
                config,
                ClusterProperty.SOCKET_CONNECT_TIMEOUT_SECONDS,
                seconds(settings.times().connect()));
        // Its joiner asks on a connection that stands again and again, for five minutes, also where nothing comes back.
        set(config, ClusterProperty.MAX_JOIN_SECONDS, seconds(settings.times().join()));
        config.setProperty("hazelcast.health.monitoring.level", "OFF");
        config.setProperty("hazelcast.slow.operation.detector.enabled", "false");
    }

    private static void threads(Config config, ClusterSettings.Maps given) {
        // By default a node that joins compares its disk with the others' first of all; the maps' entries follow it at
        // leisure.
        set(config, ClusterProperty.PARTITION_MAX_PARALLEL_MIGRATIONS, given.migrationsMax());
        set(config, ClusterProperty.PARTITION_OPERATION_THREAD_COUNT, given.threads());
        set(config, ClusterProperty.GENERIC_OPERATION_THREAD_COUNT, given.threads());
        set(config, ClusterProperty.PRIORITY_GENERIC_OPERATION_THREAD_COUNT, 1);
        set(config, ClusterProperty.RESPONSE_THREAD_COUNT, 1);
        set(config, ClusterProperty.IO_THREAD_COUNT, 1);
        set(config, ClusterProperty.EVENT_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_QUERY_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_BLOCKING_THREAD_COUNT, 2);
    }

    /** Whole seconds, rounded up. */
    private static int seconds(Duration time) {
        return Math.toIntExact(time.plusMillis(999).toSeconds());
    }

    private static void set(Config config, com.hazelcast.spi.properties.HazelcastProperty property, Object value) {
        config.setProperty(property.getName(), value.toString());
    }
}
