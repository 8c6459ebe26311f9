package io.anycastle.core.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.CacheDeserializedValues;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MetadataPolicy;
import com.hazelcast.core.DistributedObject;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.store.StoreConfig;
import io.anycastle.core.store.Stores;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of Hazelcast is not there to be used by whoever reaches it. */
class HazelcastSettingsTest {
    private static final AtomicBoolean HAS_RUN = new AtomicBoolean();

    @TempDir
    Path folder;

    private ClusteredStore store;

    @BeforeEach
    void open() {
        store = ClusteredStore.open(
                Stores.config(folder, 64 << 20, OptionalInt.of(0)), Stores.RULES, java.time.InstantSource.system());
        Stores.await("joined", () -> store.status().joined());
        HAS_RUN.set(false);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private HazelcastInstance member() {
        return member("test-" + folder.getFileName());
    }

    private static HazelcastInstance member(String cluster) {
        return Hazelcast.getAllHazelcastInstances().stream()
                .filter(h -> h.getConfig().getClusterName().equals(cluster))
                .findFirst()
                .orElseThrow();
    }

    private HazelcastInstance client() {
        InetSocketAddress address = store.clientAddress().orElseThrow();
        ClientConfig config = new ClientConfig();
        config.setClusterName("test-" + folder.getFileName());
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().addAddress(address.getHostString() + ":" + address.getPort());
        return HazelcastClient.newHazelcastClient(config);
    }

    /** Code that a client sends for a member to run. */
    private static final class ChangeAttempt implements Callable<String>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String call() {
            HAS_RUN.set(true);
            return "done";
        }
    }

    @Test
    void a_member_runs_no_code_that_a_client_sends() {
        HazelcastInstance client = client();
        try {
            Member member = client.getCluster().getMembers().iterator().next();
            assertThatThrownBy(() -> client.getExecutorService("any")
                            .submitToMember(new ChangeAttempt(), member)
                            .get())
                    .hasStackTraceContaining("is not allowed");
            assertThat(HAS_RUN).isFalse();
        } finally {
            client.shutdown();
        }
    }

    @Test
    void maps_keep_values_once_and_note_nothing_of_what_is_in_them() {
        HazelcastInstance member = member();
        List<String> maps = member.getDistributedObjects().stream()
                .filter(IMap.class::isInstance)
                .map(DistributedObject::getName)
                .filter(name -> name.startsWith("anycastle."))
                .toList();
        assertThat(maps).isNotEmpty();
        for (String map : maps) {
            MapConfig config = member.getConfig().findMapConfig(map);
            assertThat(config.getMetadataPolicy()).as(map).isEqualTo(MetadataPolicy.OFF);
            assertThat(config.getInMemoryFormat()).as(map).isEqualTo(InMemoryFormat.BINARY);
            assertThat(config.getCacheDeserializedValues()).as(map).isEqualTo(CacheDeserializedValues.NEVER);
        }
    }

    @Test
    void there_is_no_jet_no_sql_no_phone_home_and_nobody_is_found_by_itself() {
        HazelcastInstance member = member();
        Config config = member.getConfig();
        assertThatThrownBy(member::getJet).hasMessageContaining("The Jet engine is disabled");
        assertThatThrownBy(() -> member.getSql().execute("SELECT 1")).hasStackTraceContaining("Jet");
        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
        assertThat(config.getUserCodeDeploymentConfig().isEnabled()).isFalse();
        assertThat(config.getNamespacesConfig().isEnabled()).isFalse();
        assertThat(config.getManagementCenterConfig().isScriptingEnabled()).isFalse();
        assertThat(config.getManagementCenterConfig().isConsoleEnabled()).isFalse();
        assertThat(config.getAdvancedNetworkConfig().getRestEndpointConfig()).isNull();
        JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    }

    @Test
    void there_are_as_many_threads_as_is_said() {
        StoreConfig.Replicating replication = new StoreConfig.Replicating(
                OptionalInt.empty(),
                Duration.ofSeconds(30),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                10,
                5,
                3,
                Duration.ofMillis(2500),
                Duration.ofSeconds(40),
                Duration.ofSeconds(7),
                Duration.ofSeconds(1));
        Path other = folder.resolve("five");
        try (ClusteredStore five = ClusteredStore.open(
                Stores.config(other, replication), Stores.RULES, java.time.InstantSource.system())) {
            Stores.await("joined", () -> five.status().joined());
            HazelcastInstance member = member("test-five");
            String start = "hz." + member.getName() + ".";
            List<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith(start))
                    .map(name -> name.substring(start.length()))
                    .toList();
            assertThat(threads)
                    .filteredOn(name -> name.startsWith("partition-operation"))
                    .hasSize(5);
            assertThat(threads)
                    .filteredOn(name -> name.startsWith("generic-operation"))
                    .hasSize(5);
            assertThat(member.getConfig().getProperty("hazelcast.partition.max.parallel.migrations"))
                    .isEqualTo("3");
            assertThat(member.getConfig().getProperty("hazelcast.socket.connect.timeout.seconds"))
                    .describedAs("rounded up")
                    .isEqualTo("3");
            assertThat(member.getConfig().getProperty("hazelcast.merge.next.run.delay.seconds"))
                    .isEqualTo("7");
            assertThat(member.getConfig().getProperty("hazelcast.max.join.seconds"))
                    .isEqualTo("40");
        }
    }

    @Test
    void neither_port_speaks_http_or_the_text_protocol() throws IOException {
        for (InetSocketAddress port : new InetSocketAddress[] {
            store.memberAddress().orElseThrow(), store.clientAddress().orElseThrow()
        }) {
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpRequest health = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port.getPort() + "/hazelcast/health/node-state"))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                assertThatThrownBy(() -> http.send(health, HttpResponse.BodyHandlers.ofString()))
                        .isInstanceOf(IOException.class);
            }
            try (Socket memcache = new Socket(port.getAddress(), port.getPort())) {
                memcache.setSoTimeout(10_000);
                memcache.getOutputStream().write("stats\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(answer(memcache)).isIn("", "HZX"); // the latter says that the protocol is not known
            }
        }
    }

    /** Everything until the other side ends the connection, in whatever way. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int octet = socket.getInputStream().read();
                    octet >= 0;
                    octet = socket.getInputStream().read()) {
                text.append((char) octet);
            }
        } catch (SocketException e) {
            return text.toString(); // reset instead of closed
        }
        return text.toString();
    }
}
