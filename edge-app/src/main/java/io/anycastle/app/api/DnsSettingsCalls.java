package io.anycastle.app.api;

import io.anycastle.core.activation.CheckRules;
import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.Edit;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /zones/{id}/dns_settings}: how a zone answers, as far as that is set for the zone itself. */
final class DnsSettingsCalls {
    private final Changes changes;
    private final DnsSettingsJson json;
    private final AdminConfig.ZoneDefaults defaults;
    private final List<DomainName> nameServers;
    private final CheckRules checks;
    private final InstantSource clock;

    DnsSettingsCalls(Changes changes, AdminConfig.ZoneDefaults defaults, AdminParts parts) {
        this.changes = changes;
        this.nameServers = parts.rules().nameServers();
        this.checks = parts.checks();
        this.clock = parts.store().clock();
        this.json = new DnsSettingsJson(defaults);
        this.defaults = defaults;
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        String etag = ZoneVersion.etag(zone.zone().version());
        return new ApiReply.Result(json.of(zone), Map.of("ETag", etag));
    }

    /**
     * Changes the fields that the body names, all of them or, with every mistake told, none; null gives a field back to the node. Others
     * may change other fields at the same moment.
     */
    ApiReply change(Call call) {
        return changes.rework(call, zone -> edits(zone, call.body()), json::of);
    }

    private List<Edit> edits(ZoneState zone, Body wanted) {
        JsonObject stored = zone.document(DnsSettings.KEY)
                .flatMap(Document::json)
                .map(JsonObject::new)
                .orElseGet(JsonObject::new);
        DnsSettingsPatch patch = new DnsSettingsPatch(zone.zone().type(), defaults.soa());
        DnsSettingsPatch.Next next = wanted.all(body -> patch.over(stored, body));
        boolean takesNameServers =
                next.takesNameServers() && !zone.zone().nameServers().equals(nameServers);
        JsonObject settings = takesNameServers ? withoutPrimary(next.stored(), zone.zone()) : next.stored();
        List<Edit> edits = new ArrayList<>();
        if (!settings.equals(stored)) {
            edits.add(new Edit.PutDocument(DnsSettings.KEY, settings.encode()));
        }
        if (takesNameServers) {
            edits.add(new Edit.TakeNameServers());
            checks.renamed(zone, clock.instant()).ifPresent(edits::add);
        }
        return edits;
    }

    /** Clients that send back what they read name the SOA's server too; one of those that the zone gives up goes with them. */
    private static JsonObject withoutPrimary(JsonObject settings, Zone old) {
        JsonObject soa = settings.getJsonObject("soa", new JsonObject()).copy();
        String primary = soa.getString("mname", "");
        if (old.nameServers().stream().noneMatch(server -> server.toString().equals(primary))) {
            return settings;
        }
        soa.remove("mname");
        JsonObject without = settings.copy();
        without.remove("soa");
        return soa.isEmpty() ? without : without.put("soa", soa);
    }
}
