package io.anycastle.app.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the cluster keeps of a join token, in the document {@code join/ID}.
 *
 * @param hash of its secret
 * @param usedBy the node that joined with it
 */
record Invitation(String id, String hash, Instant expires, Optional<String> usedBy) {
    static final String PREFIX = "join/";

    /** A token that is over stays this long, so that who shows it is told why it is refused. */
    private static final Duration KEPT = Duration.ofDays(7);

    String key() {
        return PREFIX + id;
    }

    boolean isForgotten(Instant now) {
        return expires.plus(KEPT).isBefore(now);
    }

    /** Takes the same time for every wrong secret. */
    boolean matches(String secret) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), JoinToken.hash(secret).getBytes(StandardCharsets.US_ASCII));
    }

    Invitation used(String node) {
        return new Invitation(id, hash, expires, Optional.of(node));
    }

    String text() {
        JsonObject json = new JsonObject().put("id", id).put("hash", hash).put("expires", expires.toString());
        usedBy.ifPresent(node -> json.put("used_by", node));
        return json.encode();
    }

    static Optional<Invitation> parse(String text) {
        try {
            JsonObject json = new JsonObject(text);
            return Optional.of(new Invitation(
                    json.getString("id"),
                    json.getString("hash"),
                    Instant.parse(json.getString("expires")),
                    Optional.ofNullable(json.getString("used_by"))));
        } catch (DecodeException | ClassCastException | NullPointerException | java.time.DateTimeException e) {
            return Optional.empty();
        }
    }
}
