package io.anycastle.app.api;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.Edit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** {@code /zones/{id}/dns_settings}: how a zone answers, as far as that is set for the zone itself. */
final class DnsSettingsCalls {
    private final Changes changes;
    private final DnsSettingsJson json;
    private final AdminConfig.ZoneDefaults defaults;

    DnsSettingsCalls(Changes changes, AdminConfig.ZoneDefaults defaults) {
        this.changes = changes;
        this.json = new DnsSettingsJson(defaults);
        this.defaults = defaults;
    }

    Reply read(Call call) {
        ZoneState zone = changes.zone(call);
        String etag = ZoneVersion.etag(zone.zone().version());
        return new Reply.Result(json.of(zone), Map.of("ETag", etag));
    }

    /**
     * Changes the fields that the body names, all of them or, with every mistake told, none; null gives a field back to the node. Others
     * may change other fields at the same moment.
     */
    Reply change(Call call) {
        return changes.rework(call, zone -> edits(zone, call.body()), json::of);
    }

    private List<Edit> edits(ZoneState zone, Body wanted) {
        JsonObject stored = zone.document(DnsSettings.KEY)
                .flatMap(Document::json)
                .map(JsonObject::new)
                .orElseGet(JsonObject::new);
        DnsSettingsPatch patch = new DnsSettingsPatch(zone.zone().type(), defaults.soa());
        JsonObject next = wanted.all(body -> patch.over(stored, body));
        return next.equals(stored) ? List.of() : List.of(new Edit.PutDocument(DnsSettings.KEY, next.encode()));
    }
}
