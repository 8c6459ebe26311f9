package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What an invited node needs to join: where to, whom to believe there, and a secret that works once.
 *
 * @param authority SHA-256 of the cluster CA's certificate in hex
 * @param id names the invitation; not secret
 * @param secret only its hash is kept by the cluster
 */
public record JoinToken(String cluster, List<HostPort> addresses, String authority, String id, String secret) {
    private static final String PREFIX = "anycastle-join-1.";
    private static final int SECRET_OCTETS = 32;
    private static final int ID_OCTETS = 6;
    private static final int LENGTH_MAX = 4096;
    private static final int ADDRESSES_MAX = 16;

    public JoinToken {
        addresses = List.copyOf(addresses);
    }

    static JoinToken fresh(String cluster, List<HostPort> addresses, String authority) {
        return new JoinToken(
                cluster,
                addresses.subList(0, Math.min(addresses.size(), ADDRESSES_MAX)),
                authority,
                random(ID_OCTETS),
                random(SECRET_OCTETS));
    }

    private static String random(int octets) {
        byte[] random = new byte[octets];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** What the cluster keeps of the secret. It has 256 random bits: no salt or slow hash would add to it. */
    static String hash(String secret) {
        return Keypairs.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** One word, to be pasted into a command. */
    public String text() {
        JsonArray where = new JsonArray();
        addresses.forEach(address -> where.add(address.toString()));
        byte[] json = new JsonObject()
                .put("c", cluster)
                .put("a", where)
                .put("f", authority)
                .put("i", id)
                .put("s", secret)
                .encode()
                .getBytes(StandardCharsets.UTF_8);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    /** Empty when the text is no token of this version. */
    public static Optional<JoinToken> parse(String text) {
        String word = text.strip();
        if (!word.startsWith(PREFIX) || word.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(word.substring(PREFIX.length()));
            return read(new JsonObject(new String(json, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static Optional<JoinToken> read(JsonObject json) {
        JsonArray where = json.getJsonArray("a", new JsonArray());
        List<HostPort> addresses = new ArrayList<>();
        for (int i = 0; i < where.size(); i++) {
            HostPort.parse(where.getString(i)).ifPresent(addresses::add);
        }
        String cluster = json.getString("c", "");
        String authority = json.getString("f", "");
        String id = json.getString("i", "");
        String secret = json.getString("s", "");
        boolean isWhole = !addresses.isEmpty()
                && cluster.matches("[A-Za-z0-9._-]{1,64}")
                && authority.matches("[0-9a-f]{64}")
                && id.matches("[0-9a-f]{1,64}")
                && secret.matches("[0-9a-f]{64}");
        return isWhole ? Optional.of(new JoinToken(cluster, addresses, authority, id, secret)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "JoinToken[" + cluster + " " + addresses + ", invitation " + id + ", secret hidden]";
    }
}
