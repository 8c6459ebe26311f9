package io.anycastle.core.store.duties;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.IMap;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.cluster.ClusterMaps;
import io.anycastle.core.store.journal.Journals;
import io.anycastle.core.store.state.StoreImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which values of the map of records the truth replaces, and which are judged first. */
class MapCheckTest {
    private final HazelcastInstance hazelcast = alone();
    private final IMap<String, HazelcastJsonValue> records = hazelcast.getMap(ClusterMaps.RECORDS);

    private static HazelcastInstance alone() {
        Config config = new Config();
        config.setClusterName("test-" + UUID.randomUUID());
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        return Hazelcast.newHazelcastInstance(config);
    }

    @AfterEach
    void stop() {
        hazelcast.shutdown();
    }

    @Test
    void what_a_client_has_left_is_judged_and_what_a_node_has_written_is_replaced() {
        List<NameRecords> names = new ArrayList<>();
        for (String label : List.of("truth", "absent", "older", "short", "edited", "broken")) {
            names.add(Journals.name(label, 2));
        }
        StoreImage image = StoreImage.EMPTY.with(Journals.delta(2, names));
        names.forEach(name -> records.set(Stores.ZONE + "/" + name.name(), ClusterMaps.nameValue(name)));
        records.delete(key("absent"));
        put("older", ClusterMaps.nameValue(Journals.name("older", 1)).getValue());
        put("short", "{\"records\":[{\"type\":\"A\",\"content\":\"192.0.2.9\"}]}");
        put("edited", read("edited").replace("192.0.2.1", "192.0.2.9"));
        put("broken", "{\"records\":7}");

        List<String> put = new ArrayList<>();
        List<String> judged = new ArrayList<>();
        MapCheck check = MapCheck.of(image);
        while (!check.isDone()) {
            check.step(new ClusterMaps(hazelcast, Duration.ofHours(1)), new MapCheck.Remedy() {
                @Override
                public void put(DomainName zone, Collection<DomainName> wrong) {
                    wrong.forEach(name -> put.add(name.toString()));
                }

                @Override
                public void judge(String key) {
                    judged.add(key);
                }
            });
        }
        assertThat(put).containsExactlyInAnyOrder("absent.example.com", "older.example.com");
        assertThat(judged).containsExactlyInAnyOrder(key("short"), key("edited"), key("broken"));
    }

    private void put(String label, String value) {
        records.set(key(label), new HazelcastJsonValue(value));
    }

    private String read(String label) {
        return records.getOrDefault(key(label), new HazelcastJsonValue("")).getValue();
    }

    private static String key(String label) {
        return Stores.ZONE + "/" + label + "." + Stores.ZONE;
    }
}
