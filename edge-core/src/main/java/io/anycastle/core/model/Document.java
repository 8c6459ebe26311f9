package io.anycastle.core.model;

import java.util.Optional;

/**
 * A JSON text that is stored with a zone, or for the whole account, under a key of its own: settings, nodes, keys. Merged as a whole.
 *
 * @param json empty when the document was deleted
 */
public record Document(String key, Stamp stamp, Optional<String> json, UnknownFields unknown) {
    /** Leads the keys of documents that hold what nodes have seen of the world outside. */
    public static final String OBSERVED = "observed/";

    public Document(String key, Stamp stamp, Optional<String> json) {
        this(key, stamp, json, UnknownFields.NONE);
    }

    /** The same text, written then. */
    public Document at(Stamp other) {
        return new Document(key, other, json, unknown);
    }

    /**
     * Whether the key is one of what nodes have seen, which is nobody's setting: it changes neither a zone's serial nor its time of
     * change, and where two sides of a cut have seen different things nobody need be told which was dropped.
     */
    public static boolean isObserved(String key) {
        return key.startsWith(OBSERVED);
    }

    public boolean isTombstone() {
        return json.isEmpty();
    }
}
