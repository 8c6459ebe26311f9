package io.anycastle.app.api;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the node can be sent traffic, and whether it takes changes.
 *
 * @param isDnsUp whether DNS answers
 * @param isProxyUp whether the proxy does
 * @param isWriting whether changes are taken, as far as the cluster is concerned
 * @param isWarm whether the proxy has warmed up, until when visitors are better sent elsewhere
 * @param waitsFor why neither visitors nor changes are to be sent here although all parts are up, one plain phrase; empty when there is no
 *     such reason
 */
public record Readiness(
        boolean isDnsUp, boolean isProxyUp, boolean isWriting, boolean isWarm, Optional<String> waitsFor) {
    /** What a node waits for that takes no changes yet. */
    public static final String CLUSTER_LAYER = "the cluster layer, for changes";

    private static final String WARM_PROXY = "its proxy, which warms up";

    /** Whether visitors may be sent here. */
    public boolean isReady() {
        return isUp() && isWarm;
    }

    /** Whether changes are taken. */
    public boolean takesChanges() {
        return isUp() && isWriting;
    }

    private boolean isUp() {
        return isDnsUp && isProxyUp && waitsFor.isEmpty();
    }

    /** All that it waits for, in plain words; empty where there is nothing. */
    public Optional<String> waits() {
        if (waitsFor.isPresent()) {
            return waitsFor;
        }
        List<String> reasons = new ArrayList<>();
        if (!isWarm) {
            reasons.add(WARM_PROXY);
        }
        if (!isWriting) {
            reasons.add(CLUSTER_LAYER);
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", reasons));
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("ready", isReady())
                .put("reads", isUp())
                .put("writes", takesChanges())
                .put("view", "loaded") // else nobody could ask
                .put("dns", isDnsUp ? "up" : "down")
                .put("proxy", isProxyUp ? "up" : "down");
        waits().ifPresent(what -> json.put("waits_for", what));
        return json;
    }
}
