package io.anycastle.app.api;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Soa;
import io.anycastle.core.model.ZoneType;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Lays what a client wants over a zone's stored settings. What the zone has of its own comes from the node again when it is set to null;
 * what no node can do is a mistake, but may be named as it is, since clients send back what they read.
 *
 * @param type of the zone
 * @param node the SOA of zones that set nothing
 */
record DnsSettingsPatch(ZoneType type, Soa node) {
    private static final List<String> FIELDS = List.of(
            "flatten_all_cnames",
            "foundation_dns",
            "multi_provider",
            "nameservers",
            "ns_ttl",
            "secondary_overrides",
            "soa",
            "zone_mode",
            "internal_dns");
    private static final List<String> SOA_FIELDS =
            List.of("mname", "rname", "refresh", "retry", "expire", "min_ttl", "ttl");

    /** What the API calls name servers that the operator of the platform chooses. */
    private static final String PLATFORM = "cloudflare.standard";

    /**
     * What is wanted.
     *
     * @param stored the settings as they are to be stored
     * @param takesNameServers whether the zone is to have the name servers that the node's setting says now
     */
    record Next(JsonObject stored, boolean takesNameServers) {}

    /** @return what is wanted, of no use once the body has mistakes */
    Next over(JsonObject stored, Body body) {
        JsonObject into = stored.copy();
        body.only(FIELDS);
        flag(body, "flatten_all_cnames", into);
        flag(body, "multi_provider", into);
        number(body, new Range("ns_ttl", 30, 86_400), into);
        soa(body, into);
        mode(body, into);
        absent(body, "foundation_dns");
        absent(body, "secondary_overrides");
        boolean takesNameServers = body.object("nameservers")
                .filter(DnsSettingsPatch::takesNameServers)
                .isPresent();
        body.object("internal_dns").ifPresent(DnsSettingsPatch::internal);
        return new Next(into, takesNameServers);
    }

    private static void flag(Body body, String field, JsonObject into) {
        if (body.isNull(field)) {
            into.remove(field);
        }
        body.flag(field).ifPresent(flag -> into.put(field, flag));
    }

    private void soa(Body body, JsonObject into) {
        JsonObject own = into.getJsonObject("soa", new JsonObject());
        body.object("soa").ifPresent(soa -> soaFields(soa, own));
        if (own.isEmpty() || body.isNull("soa")) {
            into.remove("soa");
        } else {
            into.put("soa", own);
        }
    }

    private void soaFields(Body soa, JsonObject into) {
        soa.only(SOA_FIELDS);
        name(soa, "mname", into);
        name(soa, "rname", into);
        number(soa, new Range("refresh", 600, 86_400), into);
        number(soa, new Range("retry", 600, 86_400), into);
        number(soa, new Range("expire", 86_400, 2_419_200), into);
        number(soa, new Range("min_ttl", 60, 86_400), into);
        number(soa, new Range("ttl", 300, 86_400), into);
        together(soa, into);
    }

    /** The rules between the timers (RFC 1912 section 2.2), those of the node among them. */
    private void together(Body body, JsonObject soa) {
        Soa timers = DnsSettings.parsed(new JsonObject().put("soa", soa).encode())
                .soa()
                .over(node);
        int refresh = timers.refreshSeconds();
        if (timers.retrySeconds() > refresh) {
            body.mistake("retry", timers.retrySeconds() + " is above refresh, which is " + refresh);
        }
        if (timers.expireSeconds() < refresh) {
            body.mistake("expire", timers.expireSeconds() + " is below refresh, which is " + refresh);
        }
    }

    private record Range(String field, int min, int max) {}

    private static void number(Body body, Range range, JsonObject into) {
        if (body.isNull(range.field)) {
            into.remove(range.field);
        }
        body.wholeNumber(range.field).ifPresent(number -> {
            if (number < range.min || number > range.max) {
                body.mistake(
                        range.field,
                        "expected a whole number from " + range.min + " to " + range.max + ", found " + number);
            } else {
                into.put(range.field, number);
            }
        });
    }

    private static void name(Body body, String field, JsonObject into) {
        if (body.isNull(field)) {
            into.remove(field);
        }
        body.text(field).ifPresent(text -> {
            try {
                into.put(field, DomainName.of(text).toString());
            } catch (InvalidNameException e) {
                body.mistake(field, "'" + text + "': " + e.rule());
            }
        });
    }

    private void mode(Body body, JsonObject into) {
        if (body.isNull("zone_mode")) {
            into.remove("zone_mode");
        }
        body.text("zone_mode").ifPresent(mode -> {
            switch (mode) {
                case "standard", "dns_only" -> into.put("zone_mode", mode);
                case "cdn_only" -> {
                    if (type == ZoneType.PARTIAL) {
                        into.put("zone_mode", "standard");
                    } else {
                        body.mistake(
                                "zone_mode",
                                "cdn_only is what a zone of type partial is; make the zone with that type");
                    }
                }
                default -> body.mistake("zone_mode", "expected one of standard, dns_only, found '" + mode + "'");
            }
        });
    }

    private static void absent(Body body, String field) {
        if (body.flag(field).orElse(false)) {
            body.mistake(field, "is not there yet; only false is taken");
        }
    }

    /** The type that is read leaves the zone the name servers that it has. */
    private static boolean takesNameServers(Body servers) {
        servers.only(List.of("type", "ns_set"));
        Optional<String> type = servers.text("type");
        boolean takes = type.filter(PLATFORM::equals).isPresent();
        type.filter(other -> !takes && !other.equals(DnsSettingsJson.NAME_SERVERS))
                .ifPresent(other -> servers.mistake(
                        "type",
                        "expected " + DnsSettingsJson.NAME_SERVERS + ", which leaves the zone its name servers, or "
                                + PLATFORM + ", which gives it those that the node's setting zones.name-servers says"
                                + " now, found '" + other + "'"));
        servers.wholeNumber("ns_set")
                .filter(set -> set != DnsSettingsJson.NAME_SERVER_SET)
                .ifPresent(set -> servers.mistake(
                        "ns_set", "expected " + DnsSettingsJson.NAME_SERVER_SET + ", the only set, found " + set));
        return takes;
    }

    private static void internal(Body zone) {
        zone.only(List.of("reference_zone_id"));
        zone.text("reference_zone_id")
                .filter(id -> !id.isEmpty())
                .ifPresent(id -> zone.mistake("reference_zone_id", "internal zones are not there yet"));
    }
}
