package io.anycastle.app.api;

import io.vertx.core.json.JsonObject;

/** What the admin listener tells about the node it runs in. Any thread. */
public interface NodeFacts {
    /** The status page. */
    JsonObject status();

    /** Which parts of the node serve. */
    Readiness readiness();

    /** All metrics in the Prometheus text format; may block. */
    String metrics();
}
