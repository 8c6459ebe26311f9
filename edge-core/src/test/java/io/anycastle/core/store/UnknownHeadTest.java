package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.IMap;
import io.anycastle.core.store.change.ChangeOutcome;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values in the maps with stamps that no node here knows: of a node that cannot be reached, or of nobody. */
class UnknownHeadTest {
    @TempDir
    Path folder;

    private Trio trio;
    private HazelcastInstance client;

    @BeforeEach
    void start() {
        trio = Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty()))
                .patient(Duration.ofSeconds(2))
                .withClients();
        trio.open(0);
        Stores.await("a cluster of one", () -> trio.store(0).status().joined());
        Stores.await("the zone", () -> trio.store(0).apply(Stores.newZone()) instanceof ChangeOutcome.Applied);
        trio.open(1);
        trio.awaitMembers(2);
        InetSocketAddress address = trio.store(0).clientAddress().orElseThrow();
        ClientConfig config = new ClientConfig();
        config.setClusterName(trio.config(0).clusterName());
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().addAddress(address.getHostString() + ":" + address.getPort());
        client = HazelcastClient.newHazelcastClient(config);
    }

    @AfterEach
    void stop() {
        client.shutdown();
        trio.close();
    }

    @Test
    void the_oldest_member_goes_on_with_its_other_duties_after_it_has_put_the_truth_back() {
        IMap<String, HazelcastJsonValue> zones = client.getMap("anycastle.zones");
        HazelcastJsonValue truth = zones.get("example.com");
        String strange = Objects.requireNonNull(truth).getValue().replaceFirst("n0\"", "nobody\"");
        assertThat(strange).isNotEqualTo(truth.getValue());
        zones.set("example.com", new HazelcastJsonValue(strange));
        Stores.await("the truth in the map", () -> truth.equals(zones.get("example.com")));
        long before = counter("store_comparisons");
        Stores.await("a comparison after it", () -> counter("store_comparisons") > before + 1);
        assertThat(counter("store_heads_restored")).isEqualTo(1);
        assertThat(counter("store_leader_failures")).isZero();
    }

    private long counter(String name) {
        return Objects.requireNonNull(trio.store(0).counters().all().get(name));
    }
}
