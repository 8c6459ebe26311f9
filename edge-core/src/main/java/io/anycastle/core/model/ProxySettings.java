package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the proxy serves a zone's hosts, as far as it is set for the zone itself. Stored as one document beside the zone, so that versions
 * that do not know a setting keep it.
 *
 * @param tls empty follows the node's setting
 * @param ports on which its hosts are served; empty follows the node's setting
 * @param origin what holds for each record that says nothing else
 * @param passesOriginErrors whether what an origin answers with a status of 500 to 599 is passed on as it is, also where the zone has a
 *     page of its own for it
 * @param client what origins are shown that ask for a certificate
 */
public record ProxySettings(
        Optional<OriginTlsMode> tls,
        Optional<ClientPorts> ports,
        OriginSettings origin,
        boolean passesOriginErrors,
        Optional<ClientCertificate> client) {
    /** Under which the document lies. */
    public static final String KEY = "proxy/settings";

    /** The document's field that holds the TLS mode; each {@link OriginKey} has one beside it. */
    public static final String TLS = "ssl";

    /** The document's field that says {@code off} where origins' errors are replaced. */
    public static final String PASS_ORIGIN_ERRORS = "origin_error_page_pass_thru";

    /** The one that holds the ports. */
    public static final String PORTS = "client_ports";

    public static final ProxySettings DEFAULTS =
            new ProxySettings(Optional.empty(), Optional.empty(), OriginSettings.NONE, true, Optional.empty());

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Those among a zone's documents; what cannot be read has its default. */
    static ProxySettings of(Map<String, Document> documents) {
        ProxySettings own = Optional.ofNullable(documents.get(KEY))
                .flatMap(Document::json)
                .map(ProxySettings::parsed)
                .orElse(DEFAULTS);
        Optional<ClientCertificate> client = ClientCertificate.of(documents);
        return client.isEmpty()
                ? own
                : new ProxySettings(own.tls, own.ports, own.origin, own.passesOriginErrors, client);
    }

    /** Those that the document's text holds. */
    public static ProxySettings parsed(String json) {
        try {
            JsonNode fields = JSON.readTree(json);
            Map<OriginKey, String> origin = new EnumMap<>(OriginKey.class);
            for (OriginKey key : OriginKey.values()) {
                if (fields.has(key.text())) {
                    origin.put(key, fields.get(key.text()).toString());
                }
            }
            return new ProxySettings(
                    OriginTlsMode.named(fields.path(TLS).asText("")),
                    ClientPorts.of(fields.path(PORTS)),
                    OriginSettings.of(origin),
                    !fields.path(PASS_ORIGIN_ERRORS).asText("on").equals("off"),
                    Optional.empty());
        } catch (JsonProcessingException e) {
            return DEFAULTS;
        }
    }

    /** Whether the zone's own mode lets no origin be asked without TLS. */
    public boolean demandsTls() {
        return tls.filter(OriginTlsMode::demandsTls).isPresent();
    }

    /**
     * How a record's origin is asked: what the record says, over what the zone says. A zone that demands TLS has its way, also where two
     * sides of a cut have written what neither would have taken from the other.
     */
    public OriginSettings of(Record record) {
        OriginSettings said = record.origin().over(origin);
        return demandsTls() ? said.withTls() : said;
    }
}
