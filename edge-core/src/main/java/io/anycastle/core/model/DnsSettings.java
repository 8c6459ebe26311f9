package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a zone answers, as far as it is set for the zone itself. Stored as one document beside the zone, so that versions that do not know
 * a setting keep it.
 *
 * @param flattenAllCnames whether every CNAME answers the addresses at its end
 * @param multiProvider whether another operator's servers stand beside ours: the zone's own NS records are answered with those of the
 *     edge, instead of being left out
 * @param nsTtlSeconds of the apex NS set, 30 to 86400; empty means the node's setting
 */
public record DnsSettings(
        boolean flattenAllCnames, boolean multiProvider, OptionalInt nsTtlSeconds, ZoneSoa soa, ZoneMode mode) {
    /** Under which the document lies. */
    public static final String KEY = "dns/settings";

    public static final DnsSettings DEFAULTS =
            new DnsSettings(false, false, OptionalInt.empty(), ZoneSoa.NONE, ZoneMode.STANDARD);

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What of the SOA the zone sets for itself; what is empty follows the node's settings. Seconds as {@link Soa} has them.
     *
     * @param server the primary name server; empty means the zone's first
     */
    public record ZoneSoa(
            Optional<DomainName> server,
            Optional<DomainName> mailbox,
            OptionalInt refreshSeconds,
            OptionalInt retrySeconds,
            OptionalInt expireSeconds,
            OptionalInt minimumSeconds,
            OptionalInt ttlSeconds) {
        public static final ZoneSoa NONE = new ZoneSoa(
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());

        /** The node's timers with the zone's own in their places. */
        public Soa over(Soa node) {
            return new Soa(
                    node.hostmaster(),
                    ttlSeconds.orElse(node.ttlSeconds()),
                    refreshSeconds.orElse(node.refreshSeconds()),
                    retrySeconds.orElse(node.retrySeconds()),
                    expireSeconds.orElse(node.expireSeconds()),
                    minimumSeconds.orElse(node.minimumSeconds()));
        }
    }

    /** Those among a zone's documents; what cannot be read has its default. */
    static DnsSettings of(Map<String, Document> documents) {
        return Optional.ofNullable(documents.get(KEY))
                .flatMap(Document::json)
                .map(DnsSettings::parsed)
                .orElse(DEFAULTS);
    }

    /** Those that a document's text holds. */
    public static DnsSettings parsed(String json) {
        try {
            return read(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            return DEFAULTS;
        }
    }

    private static DnsSettings read(JsonNode json) {
        JsonNode soa = json.path("soa");
        return new DnsSettings(
                json.path("flatten_all_cnames").asBoolean(),
                json.path("multi_provider").asBoolean(),
                number(json.path("ns_ttl"), 30, 86_400),
                new ZoneSoa(
                        name(soa.path("mname")),
                        name(soa.path("rname")),
                        number(soa.path("refresh"), 600, 86_400),
                        number(soa.path("retry"), 600, 86_400),
                        number(soa.path("expire"), 86_400, 2_419_200),
                        number(soa.path("min_ttl"), 60, 86_400),
                        number(soa.path("ttl"), 300, 86_400)),
                mode(json.path("zone_mode").asText("standard")));
    }

    private static OptionalInt number(JsonNode json, int min, int max) {
        boolean isOne = json.canConvertToInt() && json.asInt() >= min && json.asInt() <= max;
        return isOne ? OptionalInt.of(json.asInt()) : OptionalInt.empty();
    }

    private static Optional<DomainName> name(JsonNode json) {
        try {
            return json instanceof MissingNode || json.isNull()
                    ? Optional.empty()
                    : Optional.of(DomainName.of(json.asText()));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static ZoneMode mode(String text) {
        return text.toUpperCase(Locale.ROOT).equals(ZoneMode.DNS_ONLY.name()) ? ZoneMode.DNS_ONLY : ZoneMode.STANDARD;
    }
}
