package io.anycastle.app.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** Compares versions of the documents that nodes must know before they are connected. */
final class Versions {
    private Versions() {}

    /** Whether nodes keep the document apart from the store and tell each other of it. */
    static boolean isAboutNetwork(String key) {
        return key.equals(Authorities.KEY) || key.startsWith(NodeEntry.PREFIX);
    }

    /** Of each document about the network the version with the higher revision. */
    static Map<String, String> newest(Map<String, String> some, Map<String, String> others) {
        Map<String, String> newest = new HashMap<>();
        some.forEach((key, text) -> {
            if (isAboutNetwork(key)) {
                newest.put(key, text);
            }
        });
        others.forEach((key, text) -> {
            if (isAboutNetwork(key)) {
                newest.merge(key, text, (a, b) -> revision(b) > revision(a) ? b : a);
            }
        });
        return Map.copyOf(newest);
    }

    private static int revision(String text) {
        try {
            Integer revision = new JsonObject(text).getInteger("revision");
            return revision == null ? 0 : revision;
        } catch (DecodeException | ClassCastException e) {
            return -1;
        }
    }
}
