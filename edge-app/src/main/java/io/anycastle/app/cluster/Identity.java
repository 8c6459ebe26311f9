package io.anycastle.app.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who this node is in its cluster, as its data folder keeps it. Immutable.
 *
 * @param key the node's private key, made here and never sent anywhere
 * @param certificate the node's own, for its public key
 * @param known the documents about the network as last seen, so that the node finds the others before it is connected
 */
record Identity(
        NodeName name, PrivateKey key, X509Certificate certificate, ClusterKey clusterKey, Map<String, String> known) {
    /** Where all but the cluster key lies; the node's key in it is sealed with the cluster key. */
    static final String FILE = "cluster.json";

    private static final String SEALED_FOR = "node-key";

    Identity {
        known = Map.copyOf(known);
    }

    Identity withCertificate(X509Certificate renewed) {
        return new Identity(name, key, renewed, clusterKey, known);
    }

    Identity knowing(Map<String, String> documents) {
        return new Identity(name, key, certificate, clusterKey, documents);
    }

    /** Writes both files; the one that makes the node a member comes last. */
    void save(Path folder) throws IOException {
        Path keyFile = folder.resolve(ClusterKey.FILE);
        if (!Files.exists(keyFile) || !Files.readString(keyFile).strip().equals(clusterKey.text())) {
            PrivateFile.write(keyFile, clusterKey.text() + "\n");
        }
        JsonObject documents = new JsonObject();
        new TreeMap<>(known).forEach(documents::put);
        JsonObject json = new JsonObject()
                .put("format", 1)
                .put("cluster", name.cluster())
                .put("id", name.id())
                .put("number", name.number())
                .put("key", clusterKey.seal(key.getEncoded(), SEALED_FOR))
                .put("certificates", new JsonArray().add(Pem.of(certificate)))
                .put("known", documents);
        PrivateFile.write(folder.resolve(FILE), json.encodePrettily() + "\n");
    }

    /**
     * What lies in the folder; empty when the node belongs to no cluster.
     *
     * @throws IOException with one plain sentence when it cannot be used
     */
    static Optional<Identity> load(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ClusterKey clusterKey = ClusterKey.in(folder)
                .orElseThrow(() ->
                        new IOException(folder.resolve(ClusterKey.FILE) + " is missing; restore it from a backup"));
        try {
            return Optional.of(parse(new JsonObject(Files.readString(file)), clusterKey));
        } catch (GeneralSecurityException | DecodeException | ClassCastException | NullPointerException e) {
            throw new IOException(
                    file + " cannot be read with the key in " + ClusterKey.FILE
                            + "; restore both from a backup, or delete both and join again",
                    e);
        }
    }

    private static Identity parse(JsonObject json, ClusterKey clusterKey) throws GeneralSecurityException {
        byte[] key = clusterKey
                .open(json.getString("key"), SEALED_FOR)
                .orElseThrow(() -> new GeneralSecurityException("sealed with another key"));
        List<X509Certificate> chain = new ArrayList<>();
        for (Object certificate : json.getJsonArray("certificates")) {
            chain.add(Pem.certificate((String) certificate));
        }
        Map<String, String> known = new TreeMap<>();
        json.getJsonObject("known").forEach(entry -> known.put(entry.getKey(), (String) entry.getValue()));
        return new Identity(
                new NodeName(json.getString("cluster"), json.getString("id"), json.getInteger("number")),
                Keypairs.privateKey(key),
                chain.getFirst(),
                clusterKey,
                known);
    }

    @Override
    public String toString() {
        return "Identity[" + name + ", keys hidden]";
    }
}
