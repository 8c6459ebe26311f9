package io.anycastle.app.api;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Soa;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneMode;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.vertx.core.json.JsonObject;

/** Shows how a zone answers: what it sets for itself, and the node's settings for the rest. */
final class DnsSettingsJson {
    /** What the API calls name servers that the operator names. */
    static final String NAME_SERVERS = "custom.account";

    static final int NAME_SERVER_SET = 1;

    private final AdminConfig.ZoneDefaults defaults;

    DnsSettingsJson(AdminConfig.ZoneDefaults defaults) {
        this.defaults = defaults;
    }

    JsonObject of(ZoneState zone) {
        DnsSettings settings = zone.dnsSettings();
        return new JsonObject()
                .put("flatten_all_cnames", settings.flattenAllCnames())
                .put("foundation_dns", false)
                .put("multi_provider", settings.multiProvider())
                .put("nameservers", new JsonObject().put("type", NAME_SERVERS).put("ns_set", NAME_SERVER_SET))
                .put("ns_ttl", settings.nsTtlSeconds().orElse(defaults.nsTtlSeconds()))
                .put("secondary_overrides", false)
                .put("soa", soa(zone.zone(), settings.soa()))
                .put("zone_mode", mode(zone.zone(), settings.mode()))
                .put("internal_dns", new JsonObject());
    }

    private JsonObject soa(Zone zone, DnsSettings.ZoneSoa own) {
        Soa soa = own.over(defaults.soa());
        return new JsonObject()
                .put("mname", own.server().orElse(zone.nameServers().getFirst()).toString())
                .put(
                        "rname",
                        own.mailbox().orElseGet(() -> soa.mailbox(zone.name())).toString())
                .put("refresh", soa.refreshSeconds())
                .put("retry", soa.retrySeconds())
                .put("expire", soa.expireSeconds())
                .put("min_ttl", soa.minimumSeconds())
                .put("ttl", soa.ttlSeconds());
    }

    private static String mode(Zone zone, ZoneMode mode) {
        return switch (mode) {
            case DNS_ONLY -> "dns_only";
            case STANDARD -> zone.type() == ZoneType.PARTIAL ? "cdn_only" : "standard";
        };
    }
}
