package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.UnknownFields;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.journal.Journals;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node of a newer version has added to zones, names and records stays there while nodes of this version change them. */
class NewerNodeTest {
    private static final DomainName NAME = DomainName.of("n1.example.com");
    private static final String KEY = "example.com/n1.example.com";
    private static final UnknownFields OF_RECORD = UnknownFields.of(Map.of("weight", "7"));
    private static final UnknownFields OF_NAME = UnknownFields.of(Map.of("geo", "{\"near\":[1,2]}"));
    private static final UnknownFields OF_ZONE = UnknownFields.of(Map.of("plan", "\"large\""));

    @TempDir
    Path folder;

    @Test
    void a_change_leaves_them_in_the_values_of_the_cluster_maps() throws Exception {
        newerNodeWrote(folder);
        try (ClusteredStore store = openForClients()) {
            HazelcastInstance client = client(store);
            try {
                Map<String, HazelcastJsonValue> records = client.getMap("anycastle.records");
                Map<String, HazelcastJsonValue> zones = client.getMap("anycastle.zones");
                Stores.await("the value in the map", () -> records.containsKey(KEY));
                Stores.applied(store.apply(ChangeSet.of(
                        Stores.ZONE,
                        replacing(store, "192.0.2.99"),
                        new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty()))));
                Stores.await("the change in the map", () -> text(records, KEY).contains("192.0.2.99"));
                assertThat(text(records, KEY)).contains("\"weight\":7").contains("\"geo\":{\"near\":[1,2]}");
                assertThat(text(zones, "example.com"))
                        .contains("\"paused\":true")
                        .contains("\"plan\":\"large\"");
            } finally {
                client.shutdown();
            }
        }
        assertKept(folder);
    }

    @Test
    void a_client_that_reads_a_value_changes_it_and_puts_it_again_leaves_them_too() throws Exception {
        newerNodeWrote(folder);
        try (ClusteredStore store = openForClients()) {
            HazelcastInstance client = client(store);
            try {
                Map<String, HazelcastJsonValue> records = client.getMap("anycastle.records");
                Stores.await("the value in the map", () -> records.containsKey(KEY));
                records.put(KEY, new HazelcastJsonValue(text(records, KEY).replace("192.0.2.1", "192.0.2.99")));
                Stores.await("the change in the view", () -> content(store).equals("192.0.2.99"));
            } finally {
                client.shutdown();
            }
        }
        assertKept(folder);
    }

    @Test
    void a_node_of_this_version_gets_them_from_another_and_its_change_leaves_them_on_both() throws Exception {
        try (Trio trio = Trio.prepare(folder, 2, Trio.quick(OptionalInt.empty()))) {
            newerNodeWrote(folder.resolve("node0"));
            trio.open(0);
            trio.open(1);
            trio.awaitMembers(2);
            trio.awaitEqual();
            Stores.applied(trio.store(1)
                    .apply(ChangeSet.of(
                            Stores.ZONE,
                            replacing(trio.store(1), "192.0.2.99"),
                            new Edit.ChangeZone(Optional.empty(), Optional.of(true), Optional.empty()))));
            trio.awaitEqual();
            for (ClusteredStore store : trio.running()) {
                assertKept(Stores.zone(store));
            }
        }
    }

    /** As a newer version leaves a node's disk. */
    private static void newerNodeWrote(Path folder) throws Exception {
        NameRecords known = Journals.name("n1", 1);
        Record record = known.records().getFirst().withUnknown(OF_RECORD);
        NameRecords name = new NameRecords(NAME, known.stamp(), List.of(record), OF_NAME);
        Zone zone = Journals.head(1);
        Zone head = new Zone(
                zone.id(),
                zone.name(),
                zone.type(),
                zone.status(),
                zone.paused(),
                zone.version(),
                zone.serial(),
                zone.nameServers(),
                zone.createdOn(),
                zone.modifiedOn(),
                zone.activatedOn(),
                OF_ZONE);
        try (Journals.Opened opened = Journals.open(folder)) {
            ZoneDelta delta = new ZoneDelta(
                    Stores.ZONE,
                    Set.of(),
                    known.stamp(),
                    Optional.of(new ZoneHead(head, known.stamp())),
                    List.of(name),
                    List.of(),
                    Map.of(),
                    ZoneDelta.Losses.NONE);
            opened.journal().settle(opened.journal().append(delta, java.time.Duration.ofSeconds(20)));
        }
    }

    private ClusteredStore openForClients() {
        return Stores.joined(ClusteredStore.open(
                Stores.config(folder, 64 << 20, OptionalInt.of(0)), Stores.RULES, InstantSource.system()));
    }

    private HazelcastInstance client(ClusteredStore store) {
        Stores.await("joined", () -> store.status().joined());
        InetSocketAddress address = store.clientAddress().orElseThrow();
        ClientConfig config = new ClientConfig();
        config.setClusterName("test-" + folder.getFileName());
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().addAddress(address.getHostString() + ":" + address.getPort());
        return HazelcastClient.newHazelcastClient(config);
    }

    private static String text(Map<String, HazelcastJsonValue> map, String key) {
        return String.valueOf(map.get(key));
    }

    private static Edit replacing(ClusteredStore store, String content) {
        return new Edit.ReplaceRecord(record(store).id(), RecordDraft.of("n1", "A", content));
    }

    private static Record record(ClusteredStore store) {
        return Stores.zone(store).at(NAME).orElseThrow().records().getFirst();
    }

    private static String content(ClusteredStore store) {
        return record(store).content();
    }

    private static void assertKept(Path folder) {
        try (ClusteredStore store = Stores.open(folder)) {
            assertKept(Stores.zone(store));
        }
    }

    private static void assertKept(ZoneState zone) {
        NameRecords name = zone.at(NAME).orElseThrow();
        assertThat(name.records().getFirst().content()).isEqualTo("192.0.2.99");
        assertThat(name.records().getFirst().unknown()).isEqualTo(OF_RECORD);
        assertThat(name.unknown()).isEqualTo(OF_NAME);
        assertThat(zone.zone().unknown()).isEqualTo(OF_ZONE);
    }
}
