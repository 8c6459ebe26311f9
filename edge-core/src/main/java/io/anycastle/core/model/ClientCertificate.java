package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What the edge shows of itself to a zone's origins that ask for a certificate. Stored as one document beside the zone.
 *
 * @param certificates in PEM form, the edge's own first
 * @param sealedKey its private key in PKCS#8 form, sealed for {@link #place}
 */
public record ClientCertificate(String certificates, String sealedKey) {
    /** Under which the document lies. */
    public static final String KEY = "proxy/client-certificate";

    /** The document's fields. */
    public static final String CERTIFICATE = "certificate";

    public static final String SEALED_KEY = "sealed_key";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** That among a zone's documents. */
    static Optional<ClientCertificate> of(Map<String, Document> documents) {
        return Optional.ofNullable(documents.get(KEY)).flatMap(Document::json).flatMap(ClientCertificate::parsed);
    }

    /** That which a document's text holds; empty when it holds none. */
    public static Optional<ClientCertificate> parsed(String json) {
        try {
            JsonNode fields = JSON.readTree(json);
            JsonNode certificates = fields.path(CERTIFICATE);
            JsonNode key = fields.path(SEALED_KEY);
            return certificates.isTextual() && key.isTextual()
                    ? Optional.of(new ClientCertificate(certificates.textValue(), key.textValue()))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** What the key is sealed for: these certificates, and no others. */
    public String place() {
        return placeOf(certificates);
    }

    public static String placeOf(String certificates) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificates.getBytes(StandardCharsets.UTF_8));
            return KEY + " " + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "ClientCertificate[" + place() + "]";
    }
}
