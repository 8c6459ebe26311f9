package io.anycastle.proxy.health;

import io.anycastle.core.model.HealthCheck;
import io.anycastle.proxy.origin.OriginTarget;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * One way to check one address.
 *
 * @param key the same on all nodes for the same check of the same address, whatever their settings are
 * @param text what people are told: scheme, address, port, path, host
 * @param target where this node connects to, and whom TLS finds there
 * @param host the Host of the request
 */
record HealthProbe(
        long key,
        String text,
        OriginTarget target,
        HealthCheck check,
        String host,
        Duration interval,
        Duration timeout,
        int retries) {
    /** @param all everything that makes this check another than others */
    static long key(String all) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return java.nio.ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
