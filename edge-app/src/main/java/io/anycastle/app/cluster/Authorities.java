package io.anycastle.app.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom the cluster trusts, in the document {@code ca}.
 *
 * @param cluster the cluster's name
 * @param port the port of all members' loopback addresses
 * @param current what signs now
 * @param sealedKey its private key, sealed with the cluster key
 * @param former what signed before, each with the time until which it is believed
 * @param vouchers the current authority signed by former ones
 * @param revision counts the document's changes
 */
record Authorities(
        String cluster,
        int port,
        X509Certificate current,
        String sealedKey,
        List<Former> former,
        List<X509Certificate> vouchers,
        int revision) {
    static final String KEY = "ca";

    private static final String SEALED_FOR = "ca-key";

    Authorities {
        former = List.copyOf(former);
        vouchers = List.copyOf(vouchers);
    }

    /** An authority that was replaced. */
    record Former(X509Certificate certificate, Instant trustedUntil) {}

    static Authorities first(String cluster, int port, Authority authority, ClusterKey key) {
        return new Authorities(cluster, port, authority.certificate(), seal(authority, key), List.of(), List.of(), 1);
    }

    private static String seal(Authority authority, ClusterKey key) {
        return key.seal(authority.key().getEncoded(), SEALED_FOR);
    }

    /** The next authority signs from now on; this one is believed until then. */
    Authorities rotated(Authority next, ClusterKey key, Instant now, Instant until) {
        Optional<Authority> signer = signer(key);
        List<Former> kept = new ArrayList<>(
                former.stream().filter(f -> f.trustedUntil().isAfter(now)).toList());
        kept.add(new Former(current, until));
        List<X509Certificate> vouched = signer.map(authority -> List.of(authority.vouchFor(next.certificate(), now)))
                .orElse(List.of());
        return new Authorities(cluster, port, next.certificate(), seal(next, key), kept, vouched, revision + 1);
    }

    /** The current authority with its key; empty when the cluster key is not the one that sealed it. */
    Optional<Authority> signer(ClusterKey key) {
        return key.open(sealedKey, SEALED_FOR).flatMap(pkcs8 -> {
            try {
                return Optional.of(new Authority(current, Keypairs.privateKey(pkcs8)));
            } catch (GeneralSecurityException e) {
                return Optional.empty();
            }
        });
    }

    /** Whom to believe at that time. */
    List<X509Certificate> trusted(Instant now) {
        return Stream.concat(
                        Stream.of(current),
                        former.stream()
                                .filter(f -> f.trustedUntil().isAfter(now))
                                .map(Former::certificate))
                .toList();
    }

    /** What join tokens name the current authority by. */
    String fingerprint() {
        return fingerprint(current);
    }

    static String fingerprint(X509Certificate certificate) {
        try {
            return Keypairs.sha256(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    String text() {
        JsonArray formerJson = new JsonArray();
        former.forEach(f -> formerJson.add(new JsonObject()
                .put("certificate", Pem.of(f.certificate()))
                .put("trusted_until", f.trustedUntil().toString())));
        JsonArray vouched = new JsonArray();
        vouchers.forEach(voucher -> vouched.add(Pem.of(voucher)));
        return new JsonObject()
                .put("cluster", cluster)
                .put("port", port)
                .put("certificate", Pem.of(current))
                .put("key", sealedKey)
                .put("former", formerJson)
                .put("vouchers", vouched)
                .put("revision", revision)
                .encode();
    }

    /** @throws CertificateException or a RuntimeException when the text is something else */
    static Authorities parse(String text) throws CertificateException {
        JsonObject json = new JsonObject(text);
        List<Former> former = new ArrayList<>();
        JsonArray formerJson = json.getJsonArray("former");
        for (int i = 0; i < formerJson.size(); i++) {
            JsonObject one = formerJson.getJsonObject(i);
            former.add(new Former(
                    Pem.certificate(one.getString("certificate")), Instant.parse(one.getString("trusted_until"))));
        }
        List<X509Certificate> vouchers = new ArrayList<>();
        for (Object voucher : json.getJsonArray("vouchers")) {
            vouchers.add(Pem.certificate((String) voucher));
        }
        return new Authorities(
                json.getString("cluster"),
                json.getInteger("port"),
                Pem.certificate(json.getString("certificate")),
                json.getString("key"),
                former,
                vouchers,
                json.getInteger("revision"));
    }
}
