package io.anycastle.app.cluster;

import io.anycastle.core.store.Formats;
import io.vertx.core.json.JsonObject;

/** The formats of a version as nodes tell them each other. */
public final class FormatsJson {
    public static final String LOG = "log";
    public static final String ENTRY = "entry";
    public static final String TUNNEL = "tunnel";
    public static final String HAZELCAST = "hazelcast";

    private FormatsJson() {}

    /** Those of this version. */
    public static JsonObject ours() {
        Formats formats = Formats.ours();
        return new JsonObject()
                .put(LOG, formats.log())
                .put(ENTRY, formats.entry())
                .put(TUNNEL, Greeting.VERSION)
                .put(HAZELCAST, formats.hazelcast());
    }
}
