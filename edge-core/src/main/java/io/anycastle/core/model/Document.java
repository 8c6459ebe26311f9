package io.anycastle.core.model;

import java.util.Optional;

/**
 * A JSON text that is stored with a zone, or for the whole account, under a key of its own: settings, nodes, keys. Merged as a whole.
 *
 * @param json empty when the document was deleted
 */
public record Document(String key, Stamp stamp, Optional<String> json, UnknownFields unknown) {
    public Document(String key, Stamp stamp, Optional<String> json) {
        this(key, stamp, json, UnknownFields.NONE);
    }

    /** The same text, written then. */
    public Document at(Stamp other) {
        return new Document(key, other, json, unknown);
    }

    public boolean isTombstone() {
        return json.isEmpty();
    }
}
