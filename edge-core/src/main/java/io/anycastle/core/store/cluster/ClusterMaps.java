package io.anycastle.core.store.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.plan.RecordFields;
import io.anycastle.core.store.plan.ZoneFields;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The two cluster maps, {@value #ZONES} and {@value #RECORDS}, in the form that the package documentation promises. Keys are plain
 * strings, not partitioned by zone: a client that knows nothing of us must find them.
 */
public final class ClusterMaps {
    public static final String ZONES = "anycastle.zones";
    public static final String RECORDS = "anycastle.records";
    private static final int BATCH_NAMES = 500;
    private static final long BURIED_SECONDS = 60;

    /** Takes the place of a value that is no JSON: whoever judges values finds it and refuses it like any other. */
    private static final HazelcastJsonValue NO_JSON = new HazelcastJsonValue("\"a value that is no JSON\"");

    /** Typed as what a client may put there: nothing read from them is believed to be ours. */
    private final IMap<Object, Object> zones;

    private final IMap<Object, Object> records;
    private final Duration tombstoneLifetime;

    /** A zone and a name in it; the name is missing in the key of a zone head. */
    public record Key(DomainName zone, Optional<DomainName> name) {
        public static Key of(DomainName zone, DomainName name) {
            return new Key(zone, Optional.of(name));
        }

        /** Empty when the text is no key of ours. A name may hold '/', a zone's may too: the name decides where the zone ends. */
        public static Optional<Key> parse(String text) {
            for (int slash = text.indexOf('/'); slash > 0; slash = text.indexOf('/', slash + 1)) {
                try {
                    DomainName zone = DomainName.of(text.substring(0, slash));
                    DomainName name = DomainName.of(text.substring(slash + 1));
                    if (name.isAtOrBelow(zone) && (zone + "/" + name).equals(text)) {
                        return Optional.of(of(zone, name));
                    }
                } catch (InvalidNameException e) {
                    // this slash does not end the zone
                }
            }
            return Optional.empty();
        }

        public String text() {
            return name.map(n -> zone + "/" + n).orElseGet(zone::toString);
        }
    }

    /** The value of a name as it was read: ours when it has a stamp, else a stranger's. */
    public record NameValue(Optional<Stamp> stamp, List<RecordFields> records) {
        public NameValue {
            records = List.copyOf(records);
        }
    }

    public ClusterMaps(HazelcastInstance hazelcast, Duration tombstoneLifetime) {
        zones = hazelcast.getMap(ZONES);
        records = hazelcast.getMap(RECORDS);
        this.tombstoneLifetime = tombstoneLifetime;
    }

    /** Tells of every change of either map from now on. */
    public void watch(MapListener heads, MapListener names) {
        records.addEntryListener(names, true);
        zones.addEntryListener(heads, true);
    }

    public Optional<HazelcastJsonValue> head(DomainName zone) {
        return read(zones, zone.toString());
    }

    public Optional<HazelcastJsonValue> name(String key) {
        return read(records, key);
    }

    /** Removes the entry, whatever the key and the value are; whether there was one. */
    public boolean clearHead(Object key) {
        return clear(zones, key);
    }

    public boolean clearName(Object key) {
        return clear(records, key);
    }

    private static boolean clear(IMap<Object, Object> map, Object key) {
        boolean wasThere = map.containsKey(key);
        map.delete(key);
        return wasThere;
    }

    private static Optional<HazelcastJsonValue> read(IMap<Object, Object> map, String key) {
        try {
            Object value = map.get(key);
            if (value == null || value instanceof HazelcastJsonValue) {
                return Optional.ofNullable((HazelcastJsonValue) value);
            }
        } catch (HazelcastSerializationException e) {
            // of a class that is not read here
        }
        map.set(key, NO_JSON);
        return Optional.of(NO_JSON);
    }

    private static Map<String, HazelcastJsonValue> readAll(IMap<Object, Object> map, Set<String> keys) {
        Map<String, HazelcastJsonValue> found = new HashMap<>();
        try {
            for (Map.Entry<Object, Object> entry : map.getAll(Set.copyOf(keys)).entrySet()) {
                String key = (String) entry.getKey();
                if (entry.getValue() instanceof HazelcastJsonValue json) {
                    found.put(key, json);
                } else {
                    read(map, key).ifPresent(value -> found.put(key, value));
                }
            }
        } catch (HazelcastSerializationException e) {
            for (String key : keys) {
                read(map, key).ifPresent(value -> found.put(key, value));
            }
        }
        return found;
    }

    /** Whether the head was still that and is now the other. */
    public boolean swapHead(DomainName zone, Optional<HazelcastJsonValue> from, HazelcastJsonValue to) {
        String key = zone.toString();
        return from.isPresent() ? zones.replace(key, from.get(), to) : zones.putIfAbsent(key, to) == null;
    }

    public void putHead(DomainName zone, HazelcastJsonValue head) {
        zones.set(zone.toString(), head);
    }

    public void removeHead(DomainName zone) {
        zones.delete(zone.toString());
    }

    /** Puts names, tombstones with the lifetime they have. */
    void putNames(DomainName zone, Collection<NameRecords> names) {
        Map<Object, Object> batch = new HashMap<>();
        List<Future<Void>> tombstones = new ArrayList<>();
        for (NameRecords name : names) {
            String key = Key.of(zone, name.name()).text();
            HazelcastJsonValue value = nameValue(name);
            if (name.isTombstone()) {
                tombstones.add(records.setAsync(key, value, tombstoneLifetime.toSeconds(), TimeUnit.SECONDS)
                        .toCompletableFuture());
            } else {
                batch.put(key, value);
            }
            if (batch.size() == BATCH_NAMES) {
                records.setAll(batch);
                batch.clear();
            }
        }
        records.setAll(batch);
        await(tombstones);
    }

    /** Puts short-lived tombstones for names whose zone is gone: a removal would look like a stranger's. */
    void buryNames(DomainName zone, Stamp stamp, Collection<DomainName> names) {
        List<Future<Void>> tombstones = new ArrayList<>();
        for (DomainName name : names) {
            HazelcastJsonValue value = nameValue(new NameRecords(name, stamp, List.of()));
            tombstones.add(records.setAsync(Key.of(zone, name).text(), value, BURIED_SECONDS, TimeUnit.SECONDS)
                    .toCompletableFuture());
        }
        await(tombstones);
    }

    private static <T> void await(List<Future<T>> futures) {
        for (Future<T> future : futures) {
            try {
                future.get();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new com.hazelcast.core.HazelcastException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new com.hazelcast.core.HazelcastException(e);
            }
        }
    }

    /** Whether the name's value was still that and is now the other, or is gone where there is no other. */
    public boolean swapName(String key, HazelcastJsonValue from, Optional<NameRecords> to) {
        return to.isPresent() ? records.replace(key, from, nameValue(to.get())) : records.remove(key, from);
    }

    /** What the map holds of those names. */
    public Map<String, HazelcastJsonValue> names(Set<String> keys) {
        return readAll(records, keys);
    }

    /** What the map holds of those heads. */
    public Map<String, HazelcastJsonValue> heads(Set<String> keys) {
        return readAll(zones, keys);
    }

    public static HazelcastJsonValue headValue(DomainName name, ZoneImage image) {
        return headValue(name, image.stamp(), image.state().map(ZoneState::zone));
    }

    public static HazelcastJsonValue headValue(DomainName name, Stamp stamp, Optional<Zone> zone) {
        return json(json -> {
            json.writeStringField("stamp", JsonCodec.text(stamp));
            if (zone.isPresent()) {
                JsonCodec.writeZone(json, zone.get());
            } else {
                json.writeStringField("name", name.toString());
                json.writeBooleanField("deleted", true);
            }
        });
    }

    public static HazelcastJsonValue nameValue(NameRecords name) {
        return json(json -> {
            json.writeStringField("stamp", JsonCodec.text(name.stamp()));
            JsonCodec.writeRecords(json, name);
        });
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static HazelcastJsonValue json(Fields fields) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JsonCodec.JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("f", JsonCodec.FORMAT);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to write", e);
        }
        return new HazelcastJsonValue(text.toString());
    }

    /** @throws IOException saying what is wrong with the value */
    public static NameValue readName(HazelcastJsonValue value) throws IOException {
        try (JsonParser json = JsonCodec.JSON.createParser(value.getValue())) {
            json.nextToken();
            JsonCodec.expect(json, JsonToken.START_OBJECT);
            Optional<Stamp> stamp = Optional.empty();
            Optional<List<RecordFields>> records = Optional.empty();
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "stamp" -> stamp = Optional.of(JsonCodec.stamp(json.getText()));
                    case "records" -> records = Optional.of(JsonCodec.readRecords(json));
                    default -> json.skipChildren();
                }
            }
            return new NameValue(stamp, records.orElseThrow(() -> new IOException("the field 'records' is missing")));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The stamp that a head says it has; empty for a stranger's. */
    public static Optional<Stamp> stampOf(HazelcastJsonValue head) {
        try {
            return readHead(head).stamp;
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @throws IOException saying what is wrong with the value */
    public static ZoneFields readHead(HazelcastJsonValue value) throws IOException {
        try (JsonParser json = JsonCodec.JSON.createParser(value.getValue())) {
            json.nextToken();
            return JsonCodec.readZone(json);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
