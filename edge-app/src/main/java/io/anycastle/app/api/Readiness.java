package io.anycastle.app.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Whether the node can be sent traffic, and whether it takes changes.
 *
 * @param isDnsUp whether DNS answers
 * @param isProxyUp whether the proxy does
 * @param isWriting whether changes are taken, as far as the cluster is concerned
 * @param waitsFor why nobody is to be sent here although all parts are up, one plain phrase; empty when there is no such reason
 */
public record Readiness(boolean isDnsUp, boolean isProxyUp, boolean isWriting, Optional<String> waitsFor) {
    /** What a node waits for that takes no changes yet. */
    public static final String CLUSTER_LAYER = "the cluster layer, for changes";

    /** Whether DNS and proxy may be asked. */
    public boolean isReady() {
        return isDnsUp && isProxyUp && waitsFor.isEmpty();
    }

    /** Whether changes are taken. */
    public boolean takesChanges() {
        return isReady() && isWriting;
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("ready", isReady())
                .put("reads", isReady())
                .put("writes", takesChanges())
                .put("view", "loaded") // else nobody could ask
                .put("dns", isDnsUp ? "up" : "down")
                .put("proxy", isProxyUp ? "up" : "down");
        waitsFor.or(() -> isWriting ? Optional.empty() : Optional.of(CLUSTER_LAYER))
                .ifPresent(what -> json.put("waits_for", what));
        return json;
    }
}
