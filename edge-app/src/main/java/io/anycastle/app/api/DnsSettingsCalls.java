package io.anycastle.app.api;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidName;
import io.anycastle.core.model.Soa;
import io.anycastle.core.model.ZoneMode;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.ChangeSet;
import io.anycastle.core.store.Edit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /zones/{id}/dns_settings}: how a zone answers, as far as that is set for the zone itself. */
final class DnsSettingsCalls {
    private final Changes changes;
    private final AdminConfig.ZoneDefaults defaults;

    DnsSettingsCalls(Changes changes, AdminConfig.ZoneDefaults defaults) {
        this.changes = changes;
        this.defaults = defaults;
    }

    Reply read(Call call) {
        ZoneState zone = changes.zone(call);
        String etag = ZoneVersion.etag(zone.zone().version());
        return new Reply.Result(shown(zone), Map.of("ETag", etag));
    }

    /** Changes the fields that the body names; what no node can do is refused, unless it is switched off anyway. */
    Reply change(Call call) {
        ZoneState zone = changes.zone(call);
        JsonObject stored = zone.document(DnsSettings.KEY)
                .flatMap(Document::json)
                .map(JsonObject::new)
                .orElseGet(JsonObject::new);
        JsonObject wanted = call.body().all(body -> merged(body, stored.copy()));
        if (wanted.equals(stored)) {
            return read(call);
        }
        ChangeSet change = new ChangeSet(
                zone.zone().name(),
                ZoneVersion.expected(call.header("If-Match")),
                List.of(new Edit.PutDocument(DnsSettings.KEY, wanted.encode())));
        return changes.apply(change, applied -> shown(applied.state()));
    }

    private static JsonObject merged(Body body, JsonObject into) {
        unsupported(body, "foundation_dns");
        unsupported(body, "secondary_overrides");
        if (body.has("nameservers") || body.has("internal_dns")) {
            refuse(body.has("nameservers") ? "nameservers" : "internal_dns", "cannot be changed here");
        }
        body.flag("multi_provider").ifPresent(flag -> into.put("multi_provider", flag));
        body.flag("flatten_all_cnames").ifPresent(flag -> into.put("flatten_all_cnames", flag));
        number(body, new Range("ns_ttl", 30, 86_400), into);
        mode(body, into);
        body.object("soa").ifPresent(soa -> into.put("soa", soa(soa, into.getJsonObject("soa", new JsonObject()))));
        return into;
    }

    private static JsonObject soa(Body soa, JsonObject into) {
        name(soa, "mname", into);
        name(soa, "rname", into);
        number(soa, new Range("refresh", 600, 86_400), into);
        number(soa, new Range("retry", 600, 86_400), into);
        number(soa, new Range("expire", 86_400, 2_419_200), into);
        number(soa, new Range("min_ttl", 60, 86_400), into);
        number(soa, new Range("ttl", 300, 86_400), into);
        return into;
    }

    private record Range(String field, int min, int max) {}

    private static void number(Body body, Range range, JsonObject into) {
        body.wholeNumber(range.field).ifPresent(number -> {
            if (number < range.min || number > range.max) {
                refuse(
                        body.at() + range.field,
                        "expected a whole number from " + range.min + " to " + range.max + ", found " + number);
            }
            into.put(range.field, number);
        });
    }

    private static void name(Body body, String field, JsonObject into) {
        body.text(field).ifPresent(text -> {
            try {
                into.put(field, DomainName.of(text).toString());
            } catch (InvalidName e) {
                refuse(body.at() + field, "'" + text + "': " + e.rule());
            }
        });
    }

    private static void mode(Body body, JsonObject into) {
        body.text("zone_mode").ifPresent(mode -> {
            switch (mode) {
                case "standard", "dns_only" -> into.put("zone_mode", mode);
                case "cdn_only" ->
                    refuse("zone_mode", "cdn_only is what a zone of type partial is; make the zone with that type");
                default -> refuse("zone_mode", "expected one of standard, dns_only, found '" + mode + "'");
            }
        });
    }

    private static void unsupported(Body body, String field) {
        if (body.flag(field).orElse(false)) {
            refuse(field, "is not there yet; only false is taken");
        }
    }

    private static void refuse(String field, String rule) {
        throw new Refusal(ApiError.invalid(field, rule));
    }

    private JsonObject shown(ZoneState zone) {
        DnsSettings settings = zone.dnsSettings();
        DnsSettings.ZoneSoa own = settings.soa();
        Soa soa = own.over(defaults.soa());
        JsonObject soaJson = new JsonObject()
                .put(
                        "mname",
                        own.server()
                                .orElse(zone.zone().nameServers().getFirst())
                                .toString())
                .put(
                        "rname",
                        own.mailbox()
                                .orElseGet(() -> soa.mailbox(zone.zone().name()))
                                .toString())
                .put("refresh", soa.refreshSeconds())
                .put("retry", soa.retrySeconds())
                .put("expire", soa.expireSeconds())
                .put("min_ttl", soa.minimumSeconds())
                .put("ttl", soa.ttlSeconds());
        return new JsonObject()
                .put("flatten_all_cnames", settings.flattenAllCnames())
                .put("foundation_dns", false)
                .put("multi_provider", settings.multiProvider())
                .put("nameservers", new JsonObject().put("type", "custom.account"))
                .put("ns_ttl", settings.nsTtlSeconds().orElse(defaults.nsTtlSeconds()))
                .put("secondary_overrides", false)
                .put("soa", soaJson)
                .put("zone_mode", mode(settings.mode()))
                .put("internal_dns", new JsonObject());
    }

    private static String mode(ZoneMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
