package io.anycastle.app.api;

import io.vertx.core.json.JsonObject;

/**
 * Whether the node can be sent traffic: all three parts serve.
 *
 * @param isViewLoaded whether the journal has been read
 */
public record Readiness(boolean isViewLoaded, boolean isDnsUp, boolean isProxyUp) {
    public boolean isReady() {
        return isViewLoaded && isDnsUp && isProxyUp;
    }

    JsonObject json() {
        return new JsonObject()
                .put("ready", isReady())
                .put("view", isViewLoaded ? "loaded" : "not loaded")
                .put("dns", isDnsUp ? "up" : "down")
                .put("proxy", isProxyUp ? "up" : "down");
    }
}
