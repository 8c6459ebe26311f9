package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node as the cluster has it registered, in the document {@code node/ID}. It stays after the node's removal, so that neither its
 * number nor its keys come back.
 *
 * @param address where its tunnel takes connections
 * @param keys fingerprints of the public keys that it may show
 * @param expires when its certificate ends
 * @param revision counts the document's changes; of two versions the higher counts
 */
record NodeEntry(
        String id,
        int number,
        HostPort address,
        List<String> keys,
        Instant joined,
        Instant expires,
        Optional<Instant> removed,
        int revision) {
    static final String PREFIX = "node/";

    NodeEntry {
        keys = List.copyOf(keys);
    }

    boolean isRemoved() {
        return removed.isPresent();
    }

    String key() {
        return PREFIX + id;
    }

    NodeEntry removedAt(Instant time) {
        return new NodeEntry(id, number, address, keys, joined, expires, Optional.of(time), revision + 1);
    }

    NodeEntry with(HostPort newAddress, Instant newExpires) {
        return new NodeEntry(id, number, newAddress, keys, joined, newExpires, removed, revision + 1);
    }

    String text() {
        JsonObject json = new JsonObject()
                .put("id", id)
                .put("number", number)
                .put("address", address.toString())
                .put("keys", new JsonArray(keys))
                .put("joined", joined.toString())
                .put("expires", expires.toString())
                .put("revision", revision);
        removed.ifPresent(time -> json.put("removed", time.toString()));
        return json.encode();
    }

    /** @throws RuntimeException when the text is no entry */
    static NodeEntry parse(String text) {
        JsonObject json = new JsonObject(text);
        List<String> keys = new ArrayList<>();
        json.getJsonArray("keys").forEach(key -> keys.add((String) key));
        NodeEntry entry = new NodeEntry(
                json.getString("id"),
                json.getInteger("number"),
                HostPort.parse(json.getString("address")).orElseThrow(),
                keys,
                Instant.parse(json.getString("joined")),
                Instant.parse(json.getString("expires")),
                Optional.ofNullable(json.getString("removed")).map(Instant::parse),
                json.getInteger("revision"));
        if (entry.number < 1 || entry.number > NodeName.NUMBER_MAX) {
            throw new IllegalArgumentException("number " + entry.number);
        }
        return entry;
    }
}
