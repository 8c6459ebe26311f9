package io.anycastle.core.store;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.spi.properties.ClusterProperty;

/**
 * The cluster layer's configuration: nothing is found by itself, nothing listens but the named address, nobody but members may connect
 * unless clients are switched on, and it stays small on a small machine.
 */
final class HazelcastSettings {
    private HazelcastSettings() {}

    static Config of(StoreConfig store) {
        Config config = new Config();
        config.setClusterName(store.clusterName());
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(exceptionsOnly());
        config.addMapConfig(map("anycastle.*", store));
        network(config.getAdvancedNetworkConfig(), store);
        behaviour(config, store);
        threads(config);
        return config;
    }

    private static MapConfig map(String name, StoreConfig store) {
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setBackupCount(store.backups())
                .setStatisticsEnabled(false)
                .setPerEntryStatsEnabled(false);
    }

    /** Values are JSON and strings; only the errors that members tell each other are Java objects. */
    private static JavaSerializationFilterConfig exceptionsOnly() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        filter.getWhitelist()
                .addPrefixes("com.hazelcast.", "java.lang.", "java.util.concurrent.", "java.io.IOException");
        return filter;
    }

    private static void network(AdvancedNetworkConfig network, StoreConfig store) {
        network.setEnabled(true);
        network.setMemberEndpointConfig(endpoint(new ServerSocketEndpointConfig(), store, store.port()));
        store.clientPort()
                .ifPresent(port ->
                        network.setClientEndpointConfig(endpoint(new ServerSocketEndpointConfig(), store, port)));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(!store.members().isEmpty());
        store.members().forEach(join.getTcpIpConfig()::addMember);
    }

    private static ServerSocketEndpointConfig endpoint(
            ServerSocketEndpointConfig endpoint, StoreConfig store, int port) {
        endpoint.setPort(port).setPortAutoIncrement(false).setReuseAddress(true);
        endpoint.getInterfaces()
                .setEnabled(true)
                .addInterface(store.bindAddress().getHostAddress());
        return endpoint;
    }

    private static void behaviour(Config config, StoreConfig store) {
        set(config, ClusterProperty.SOCKET_BIND_ANY, false);
        set(config, ClusterProperty.PHONE_HOME_ENABLED, false);
        set(config, ClusterProperty.SHUTDOWNHOOK_ENABLED, false);
        set(config, ClusterProperty.LOGGING_TYPE, "slf4j");
        set(config, ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE, true);
        set(
                config,
                ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS,
                store.writeTimeout().toMillis());
        set(
                config,
                ClusterProperty.MAX_NO_HEARTBEAT_SECONDS,
                store.heartbeatTimeout().toSeconds());
        set(
                config,
                ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT,
                store.writeTimeout().toSeconds());
        set(config, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, 1);
        set(config, ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS, 10);
        set(config, ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS, 10);
        set(config, ClusterProperty.WAIT_SECONDS_BEFORE_JOIN, store.members().isEmpty() ? 0 : 1);
        config.setProperty("hazelcast.health.monitoring.level", "OFF");
        config.setProperty("hazelcast.slow.operation.detector.enabled", "false");
    }

    private static void threads(Config config) {
        set(config, ClusterProperty.PARTITION_OPERATION_THREAD_COUNT, 2);
        set(config, ClusterProperty.GENERIC_OPERATION_THREAD_COUNT, 2);
        set(config, ClusterProperty.PRIORITY_GENERIC_OPERATION_THREAD_COUNT, 1);
        set(config, ClusterProperty.RESPONSE_THREAD_COUNT, 1);
        set(config, ClusterProperty.IO_THREAD_COUNT, 1);
        set(config, ClusterProperty.EVENT_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_QUERY_THREAD_COUNT, 1);
        set(config, ClusterProperty.CLIENT_ENGINE_BLOCKING_THREAD_COUNT, 2);
    }

    private static void set(Config config, com.hazelcast.spi.properties.HazelcastProperty property, Object value) {
        config.setProperty(property.getName(), value.toString());
    }
}
