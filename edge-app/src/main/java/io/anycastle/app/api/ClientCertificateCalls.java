package io.anycastle.app.api;

import io.anycastle.app.cluster.ClusterSecrets;
import io.anycastle.app.cluster.MembershipException;
import io.anycastle.core.model.ClientCertificate;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.tls.CertifiedKey;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /zones/{id}/origin_tls_client_auth}: the certificate that a zone's origins are shown which ask for one. Its private key comes in
 * and never goes out again: it lies in the store sealed with the cluster key.
 */
final class ClientCertificateCalls {
    private static final String PRIVATE_KEY = "private_key";
    private static final int CHARS_MAX = 16_384;
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private final Changes changes;
    private final ClusterSecrets secrets;
    private final InstantSource clock;

    ClientCertificateCalls(Changes changes, ClusterSecrets secrets, InstantSource clock) {
        this.changes = changes;
        this.secrets = secrets;
        this.clock = clock;
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        String etag = ZoneVersion.etag(zone.zone().version());
        return new ApiReply.Result(json(zone), Map.of("ETag", etag));
    }

    /** Takes {@code certificate}, in PEM form and with those that vouch for it behind it, and {@code private_key}. */
    ApiReply put(Call call) {
        Pair pair = call.body().all(this::pair).orElseThrow();
        String sealed = sealed(pair);
        JsonObject document = new JsonObject()
                .put(ClientCertificate.CERTIFICATE, pair.certificates())
                .put(ClientCertificate.SEALED_KEY, sealed);
        return changes.rework(
                call, zone -> List.of(new Edit.PutDocument(ClientCertificate.KEY, document.encode())), this::json);
    }

    ApiReply remove(Call call) {
        return changes.rework(
                call,
                zone -> zone.document(ClientCertificate.KEY).isPresent()
                        ? List.of(new Edit.DeleteDocument(ClientCertificate.KEY))
                        : List.of(),
                this::json);
    }

    private String sealed(Pair pair) {
        try {
            return secrets.seal(pair.key().getEncoded(), ClientCertificate.placeOf(pair.certificates()));
        } catch (MembershipException e) {
            throw new ApiException(ApiError.of(503, 10503, "Nothing was changed: " + String.join(" ", e.problems())));
        }
    }

    private static final class Pair {
        private final String certificates;
        private final PrivateKey key;

        Pair(String certificates, PrivateKey key) {
            this.certificates = certificates;
            this.key = key;
        }

        String certificates() {
            return certificates;
        }

        PrivateKey key() {
            return key;
        }
    }

    private Optional<Pair> pair(Body body) {
        body.only(List.of(ClientCertificate.CERTIFICATE, PRIVATE_KEY));
        String certificates = body.requiredText(ClientCertificate.CERTIFICATE);
        String text = body.requiredText(PRIVATE_KEY);
        if (certificates.isEmpty() || text.isEmpty()) {
            return Optional.empty();
        }
        if (certificates.length() > CHARS_MAX || text.length() > CHARS_MAX) {
            body.mistake(
                    certificates.length() > CHARS_MAX ? ClientCertificate.CERTIFICATE : PRIVATE_KEY,
                    "expected at most " + CHARS_MAX + " characters");
            return Optional.empty();
        }
        Optional<X509Certificate> own = certificate(certificates);
        if (own.isEmpty()) {
            body.mistake(ClientCertificate.CERTIFICATE, "expected certificates in PEM form");
            return Optional.empty();
        }
        if (own.get().getNotAfter().toInstant().isBefore(clock.instant())) {
            body.mistake(
                    ClientCertificate.CERTIFICATE,
                    "the certificate has ended, on " + own.get().getNotAfter().toInstant());
        }
        Optional<PrivateKey> key = key(text, own.get());
        if (key.isEmpty()) {
            body.mistake(
                    PRIVATE_KEY,
                    "expected the certificate's private key in PKCS#8 form, which begins with -----BEGIN PRIVATE KEY-----"
                            + " ('openssl pkcs8 -topk8 -nodes' makes it of others)");
        }
        return key.map(found -> new Pair(certificates, found));
    }

    /** The first of them; the others must be certificates too. */
    private static Optional<X509Certificate> certificate(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .findFirst();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static Optional<PrivateKey> key(String pem, X509Certificate certificate) {
        Matcher matcher = PKCS8.matcher(pem.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            byte[] octets = Base64.getMimeDecoder().decode(matcher.group(1));
            PrivateKey key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(octets));
            return CertifiedKey.isPair(certificate.getPublicKey(), key) ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private JsonObject json(ZoneState zone) {
        Optional<Document> document = zone.document(ClientCertificate.KEY);
        Optional<String> pem = zone.proxySettings().client().map(ClientCertificate::certificates);
        Optional<X509Certificate> own = pem.flatMap(ClientCertificateCalls::certificate);
        return new JsonObject()
                .put("certificate", pem.orElse(null))
                .put(
                        "subject",
                        own.map(c -> c.getSubjectX500Principal().getName()).orElse(null))
                .put(
                        "issuer",
                        own.map(c -> c.getIssuerX500Principal().getName()).orElse(null))
                .put(
                        "expires_on",
                        own.map(c -> RecordJson.time(c.getNotAfter().toInstant()))
                                .orElse(null))
                .put("modified_on", RecordJson.time(document));
    }
}
