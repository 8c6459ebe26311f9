package io.anycastle.core.store.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.IMap;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.change.ZoneRules;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise "manage records via cluster map", kept to a real Hazelcast client. */
class ClientWritesTest {
    private static final DomainName WWW = DomainName.of("www.example.com");
    private static final String KEY = "example.com/www.example.com";

    @TempDir
    Path folder;

    private ClusteredStore store;
    private HazelcastInstance client;
    private IMap<String, HazelcastJsonValue> records;
    private IMap<String, HazelcastJsonValue> zones;

    @BeforeEach
    void start() {
        open(Stores.RULES);
        Stores.applied(store.apply(Stores.newZone()));
        connect();
    }

    private void open(ZoneRules rules) {
        store = Stores.joined(ClusteredStore.open(
                Stores.config(folder, 64 << 20, OptionalInt.of(0)), rules, java.time.InstantSource.system()));
    }

    private void connect() {
        client = HazelcastClient.newHazelcastClient(
                clientConfig(store.clientAddress().orElseThrow()));
        records = client.getMap("anycastle.records");
        zones = client.getMap("anycastle.zones");
    }

    @AfterEach
    void disconnect() {
        client.shutdown();
        store.close();
    }

    private ClientConfig clientConfig(InetSocketAddress address) {
        ClientConfig config = new ClientConfig();
        config.setClusterName("test-" + folder.getFileName());
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().addAddress(address.getHostString() + ":" + address.getPort());
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(3_000);
        return config;
    }

    @Test
    void a_name_put_in_the_short_form_is_served_and_put_back_in_full_and_survives() {
        put("{\"records\":[{\"type\":\"A\",\"content\":\"192.0.2.1\",\"proxied\":true,\"ttl\":1}]}");
        Stores.await("the name in the view", () -> www(r -> r.proxied() && r.type() == RecordType.A));
        Stores.await("the full form in the map", () -> value().contains("\"stamp\""));
        assertThat(value()).contains("\"rdata\"");
        Stores.await("the count", () -> counter("store_client_writes_accepted") == 1);
        ZoneState before = Stores.zone(store);
        store.close();
        store = Stores.open(folder);
        assertThat(Stores.zone(store)).isEqualTo(before);
    }

    @Test
    void how_an_origin_is_asked_may_be_written_and_stays_where_a_value_does_not_name_it() {
        String record = "{\"type\":\"A\",\"content\":\"192.0.2.1\",\"proxied\":true";
        put("{\"records\":[" + record + ",\"origin_port\":8080,\"origin_scheme\":\"http\"}]}");
        Stores.await("it in the view", () -> www(r -> r.origin().port().equals(OptionalInt.of(8080))));
        Stores.await("the full form in the map", () -> value().contains("\"stamp\""));
        assertThat(value())
                .contains("\"origin_port\":8080,\"origin_scheme\":\"http\"")
                .doesNotContain("settings");
        put("{\"records\":[" + record + ",\"comment\":\"mine\",\"origin_scheme\":null}]}");
        Stores.await("the comment in the view", () -> www(r -> r.comment().equals("mine")));
        assertThat(www(r -> r.origin().toString().equals("{PORT=8080}"))).isTrue();
        long refused = refused();
        put("{\"records\":[" + record + ",\"origin_port\":\"x\"}]}");
        Stores.await("the refusal", () -> refused() > refused);
    }

    @Test
    void a_value_that_was_read_changed_and_put_again_keeps_the_records_id() {
        String id = Stores.applied(store.apply(Stores.add("www", "192.0.2.1")))
                .records()
                .get(0)
                .orElseThrow()
                .id();
        put(value().replace("192.0.2.1", "192.0.2.7"));
        Stores.await("the new content", () -> www(r -> r.content().equals("192.0.2.7")));
        assertThat(Stores.zone(store).record(id)).isPresent();
    }

    @Test
    void a_zone_whose_type_is_changed_in_the_map_is_pending_again_where_zones_are_checked() {
        disconnect();
        open(new ZoneRules(Set.of(), Stores.RULES.nameServers(), false, 60, 86_400));
        Stores.await("joined", () -> store.status().joined());
        connect();
        assertThat(Stores.zone(store).zone().status()).isEqualTo(ZoneStatus.ACTIVE);
        String head = Objects.requireNonNull(zones.get("example.com")).getValue();
        zones.set("example.com", new HazelcastJsonValue(head.replace("\"full\"", "\"partial\"")));
        Stores.await("the new type", () -> Stores.zone(store).zone().type() == ZoneType.PARTIAL);
        assertThat(Stores.zone(store).zone().status()).isEqualTo(ZoneStatus.PENDING);
    }

    @Test
    void a_name_removed_is_gone() {
        Stores.applied(store.apply(Stores.add("www", "192.0.2.1")));
        records.remove(KEY);
        Stores.await("the name gone", () -> Stores.zone(store).names().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json at all",
                "[]",
                "{\"records\":7}",
                "{\"record\":[]}",
                "{\"records\":[{\"type\":\"A\",\"content\":\"nonsense\"}]}",
                "{\"records\":[{\"type\":\"A\",\"content\":\"192.0.2.9\",\"ttl\":-4}]}",
                "{\"records\":[{\"type\":\"A\",\"content\":\"192.0.2.9\",\"ttl\":\"soon\"}]}",
                "{\"records\":[{\"type\":\"NOPE\",\"content\":\"x\"}]}",
                "{\"records\":[{\"type\":\"A\",\"content\":\"192.0.2.9\"},{\"type\":\"CNAME\",\"content\":\"a.test\"}]}",
                "{\"records\":[{\"type\":\"TXT\",\"content\":\"v\",\"proxied\":true}]}",
            })
    void what_breaks_a_rule_never_reaches_the_view_and_is_put_back(String value) {
        Stores.applied(store.apply(Stores.add("www", "192.0.2.1")));
        ZoneState before = Stores.zone(store);
        HazelcastJsonValue truth = records.get(KEY);
        put(value);
        Stores.await("the truth in the map", () -> Objects.equals(truth, records.get(KEY)));
        Stores.await("the refusal", () -> refused() == 1);
        assertThat(Stores.zone(store)).isEqualTo(before);
    }

    /** Of types that no value and no key of ours has; the last two are of classes that members refuse to read. */
    static Stream<Object> things() {
        return Stream.of(7, "text", new byte[] {1, 2}, true, new BitSet(9), new Stranger("x"));
    }

    private record Stranger(String name) implements Serializable {}

    @ParameterizedTest
    @MethodSource("things")
    void a_value_that_is_no_json_is_put_back_and_logged_once_and_the_zone_can_be_written(Object thing) {
        Stores.applied(store.apply(Stores.add("www", "192.0.2.1")));
        HazelcastJsonValue name = records.get(KEY);
        client.<String, Object>getMap("anycastle.records").set(KEY, thing);
        Stores.await("the name in the map", () -> Objects.equals(name, records.get(KEY)));
        HazelcastJsonValue zone = zones.get("example.com");
        client.<String, Object>getMap("anycastle.zones").set("example.com", thing);
        Stores.await("the head in the map", () -> Objects.equals(zone, zones.get("example.com")));
        Stores.await("the refusals", () -> refused() == 2);
        Stores.applied(store.apply(Stores.add("later", "192.0.2.2")));
        assertThat(Stores.zone(store).recordCount()).isEqualTo(2);
        assertThat(refused()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("things")
    void a_key_that_is_no_text_is_removed_and_logged_once(Object thing) {
        for (String map : List.of("anycastle.records", "anycastle.zones")) {
            client.getMap(map).set(thing, thing);
        }
        Stores.await("the refusals", () -> refused() == 2);
        Stores.await("the key gone", () -> records.isEmpty() && zones.size() == 1);
        Stores.applied(store.apply(Stores.add("later", "192.0.2.2")));
        assertThat(refused()).isEqualTo(2);
    }

    @Test
    void keys_that_mean_nothing_are_removed() {
        for (String key :
                new String[] {"nonsense", "example.com/", "example.com/www.other.test", "other.test/other.test"}) {
            records.set(key, new HazelcastJsonValue("{\"records\":[{\"type\":\"A\",\"content\":\"192.0.2.1\"}]}"));
            Stores.await(key + " removed", () -> !records.containsKey(key));
        }
        Stores.await("the refusals", () -> refused() == 4);
    }

    @Test
    void emptying_a_map_is_put_back() {
        Stores.applied(store.apply(Stores.add("www", "192.0.2.1")));
        HazelcastJsonValue name = records.get(KEY);
        HazelcastJsonValue zone = zones.get("example.com");
        records.clear();
        zones.clear();
        Stores.await(
                "the maps filled again",
                () -> Objects.equals(name, records.get(KEY)) && Objects.equals(zone, zones.get("example.com")));
        assertThat(Stores.zone(store).recordCount()).isEqualTo(1);
    }

    @Test
    void zones_are_made_paused_and_removed_by_their_heads() {
        zones.set("new.test", new HazelcastJsonValue("{\"type\":\"full\"}"));
        DomainName zone = DomainName.of("new.test");
        Stores.await("the zone", () -> store.view().get().zone(zone).isPresent());
        zones.set("new.test", new HazelcastJsonValue("{\"paused\":true}"));
        Stores.await(
                "the pause",
                () -> store.view().get().zone(zone).orElseThrow().zone().paused());
        zones.set("new.test", new HazelcastJsonValue("{\"status\":\"nonsense\"}"));
        Stores.await("the refusal", () -> refused() == 1);
        zones.remove("new.test");
        Stores.await("the zone gone", () -> store.view().get().zone(zone).isEmpty());
    }

    @Test
    void a_write_of_our_own_goes_through_while_a_client_overwrites_the_head() {
        zones.set("example.com", new HazelcastJsonValue("{\"paused\":true}"));
        Stores.applied(store.apply(Stores.add("www", "192.0.2.1")));
        Stores.await("the pause", () -> Stores.zone(store).zone().paused());
        assertThat(Stores.zone(store).at(WWW)).isPresent();
    }

    @Test
    void no_client_connects_where_none_is_allowed() {
        client.shutdown();
        store.close();
        store = Stores.open(folder);
        Stores.await("joined", () -> store.status().joined());
        assertThat(store.clientAddress()).isEmpty();
        InetSocketAddress members = store.memberAddress().orElseThrow();
        assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(clientConfig(members)))
                .isInstanceOf(IllegalStateException.class);
    }

    private void put(String value) {
        records.set(KEY, new HazelcastJsonValue(value));
    }

    private String value() {
        HazelcastJsonValue value = records.get(KEY);
        return value == null ? "" : value.getValue();
    }

    private boolean www(Predicate<Record> rule) {
        return Stores.zone(store).at(WWW).map(NameRecords::records).stream()
                .flatMap(r -> r.stream())
                .anyMatch(rule);
    }

    private long refused() {
        return counter("store_client_writes_refused");
    }

    private long counter(String name) {
        return store.counters().all().getOrDefault(name, 0L);
    }
}
