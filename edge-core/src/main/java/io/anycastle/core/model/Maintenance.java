package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether a zone's hosts are down for maintenance, and what their visitors are told then. Stored as one document beside the zone, which
 * stays while there is no maintenance.
 *
 * @param page empty means the edge's own
 * @param retryAfterSeconds when visitors may try again, 1 to 2,592,000; empty means the node's setting
 * @param allowed networks of clients that see the site all the same
 */
public record Maintenance(
        boolean isOn, Optional<PageTemplate> page, OptionalInt retryAfterSeconds, List<Cidr> allowed) {
    /** Under which the document lies. */
    public static final String KEY = "proxy/maintenance";

    /** The document's fields. */
    public static final String ON = "enabled";

    public static final String HTML = "html";
    public static final String RETRY_AFTER = "retry_after";
    public static final String ALLOWED = "allowed_networks";

    public static final int RETRY_AFTER_MAX = 30 * 86_400;
    public static final int ALLOWED_MAX = 200;

    public static final Maintenance NONE = new Maintenance(false, Optional.empty(), OptionalInt.empty(), List.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    public Maintenance {
        allowed = List.copyOf(allowed);
    }

    /** That which a document's text holds; what cannot be read has its default. */
    public static Maintenance parsed(String json) {
        try {
            JsonNode fields = JSON.readTree(json);
            JsonNode html = fields.path(HTML);
            JsonNode seconds = fields.path(RETRY_AFTER);
            boolean isNumber =
                    seconds.canConvertToInt() && seconds.intValue() > 0 && seconds.intValue() <= RETRY_AFTER_MAX;
            return new Maintenance(
                    fields.path(ON).asBoolean(),
                    html.isTextual() ? Optional.of(PageTemplate.of(html.textValue())) : Optional.empty(),
                    isNumber ? OptionalInt.of(seconds.intValue()) : OptionalInt.empty(),
                    networks(fields.path(ALLOWED)));
        } catch (JsonProcessingException e) {
            return NONE;
        }
    }

    private static List<Cidr> networks(JsonNode list) {
        List<Cidr> networks = new ArrayList<>();
        for (JsonNode item : list) {
            try {
                networks.add(Cidr.of(item.asText()));
            } catch (IllegalArgumentException e) {
                // what is no network lets nobody pass
            }
        }
        return networks;
    }

    /** Whether that client is told of it. */
    public boolean concerns(InetAddress client) {
        return isOn && allowed.stream().noneMatch(network -> network.contains(client));
    }
}
