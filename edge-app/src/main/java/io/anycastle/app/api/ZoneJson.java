package io.anycastle.app.api;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Zone;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Shows zones to clients, with the plan and the account that some of them insist on. */
final class ZoneJson {
    static final String ACCOUNT_NAME = "anycastle";

    private ZoneJson() {}

    static JsonObject of(Zone zone) {
        JsonArray nameServers = new JsonArray();
        zone.nameServers().stream().map(DomainName::toString).forEach(nameServers::add);
        return new JsonObject()
                .put("id", zone.id())
                .put("name", zone.name().toString())
                .put("status", zone.status().name().toLowerCase(Locale.ROOT))
                .put("paused", zone.paused())
                .put("type", zone.type().name().toLowerCase(Locale.ROOT))
                .put("development_mode", 0)
                .put("name_servers", nameServers)
                .put("original_name_servers", null)
                .put("original_registrar", null)
                .put("original_dnshost", null)
                .put("modified_on", RecordJson.time(zone.modifiedOn()))
                .put("created_on", RecordJson.time(zone.createdOn()))
                .put("activated_on", zone.activatedOn().map(RecordJson::time).orElse(null))
                .put("vanity_name_servers", new JsonArray())
                .put("meta", meta())
                .put(
                        "owner",
                        new JsonObject().put("id", Ids.USER).put("type", "user").put("email", null))
                .put("account", account())
                .put("tenant", new JsonObject().put("id", null).put("name", null))
                .put("tenant_unit", new JsonObject().put("id", null))
                .put(
                        "permissions",
                        new JsonArray()
                                .add("#zone:read")
                                .add("#zone:edit")
                                .add("#dns_records:read")
                                .add("#dns_records:edit"))
                .put("plan", plan());
    }

    static JsonObject account() {
        return new JsonObject().put("id", Ids.ACCOUNT).put("name", ACCOUNT_NAME);
    }

    private static JsonObject meta() {
        return new JsonObject()
                .put("step", 4)
                .put("custom_certificate_quota", 0)
                .put("page_rule_quota", 0)
                .put("phishing_detected", false);
    }

    /** Subscribed, so that clients unlock what paid plans may. */
    private static JsonObject plan() {
        return new JsonObject()
                .put("id", "616e79636173746c6500000000000004")
                .put("name", "Self-hosted")
                .put("price", 0)
                .put("currency", "USD")
                .put("frequency", "")
                .put("is_subscribed", true)
                .put("can_subscribe", false)
                .put("legacy_id", "enterprise")
                .put("legacy_discount", false)
                .put("externally_managed", false);
    }
}
