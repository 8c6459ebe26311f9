package io.anycastle.core.store.change;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import java.util.Optional;

/** A zone's own switch "always active": whatever public DNS says, and without asking it. Stored with the zone. */
public final class Exemption {
    /** The document's key. */
    public static final String KEY = "activation";

    private static final String ALWAYS = "{\"always_active\":true}";

    private Exemption() {}

    public static boolean isAlwaysActive(ZoneState zone) {
        return isAlwaysActive(zone.document(KEY).flatMap(Document::json));
    }

    /** @param document the text under the switch's key */
    public static boolean isAlwaysActive(Optional<String> document) {
        return document.equals(Optional.of(ALWAYS));
    }

    /** What sets the switch; the zone's status is another edit. */
    public static List<Edit> edits(boolean isAlwaysActive) {
        return List.of(isAlwaysActive ? new Edit.PutDocument(KEY, ALWAYS) : new Edit.DeleteDocument(KEY));
    }
}
