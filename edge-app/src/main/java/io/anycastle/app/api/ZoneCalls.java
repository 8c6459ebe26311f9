package io.anycastle.app.api;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidName;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.ChangeSet;
import io.anycastle.core.store.Edit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The calls on zones. */
final class ZoneCalls {
    private static final int PER_PAGE = 20;
    private static final int PER_PAGE_MAX = 50;

    private final Changes changes;

    ZoneCalls(Changes changes) {
        this.changes = changes;
    }

    Reply list(Call call) {
        List<Zone> zones =
                ZoneFilter.select(changes.view().zones().values().stream().map(ZoneState::zone), call.query());
        return new Reply.Listed(
                Page.Wanted.of(call.query(), PER_PAGE, PER_PAGE_MAX).of(zones, ZoneJson::of));
    }

    Reply read(Call call) {
        return shown(changes.zone(call));
    }

    private static Reply shown(ZoneState state) {
        Zone zone = state.zone();
        return new Reply.Result(ZoneJson.of(zone), Map.of("ETag", ZoneVersion.etag(zone.version())));
    }

    private record Wanted(String name, Optional<String> type) {}

    Reply create(Call call) {
        Wanted wanted = call.body().all(body -> new Wanted(body.requiredText("name"), body.text("type")));
        String spelled = wanted.name();
        DomainName name;
        try {
            name = DomainName.of(spelled);
        } catch (InvalidName e) {
            throw new Refusal(ApiError.invalid("name", "'" + spelled + "': " + e.rule()));
        }
        ZoneType type = wanted.type().map(ZoneCalls::type).orElse(ZoneType.FULL);
        return changes.apply(
                ChangeSet.of(name, new Edit.CreateZone(type, List.of())),
                applied -> ZoneJson.of(applied.state().zone()));
    }

    private static ZoneType type(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "full" -> ZoneType.FULL;
            case "partial" -> ZoneType.PARTIAL;
            case "secondary" -> ZoneType.SECONDARY;
            default ->
                throw new Refusal(
                        ApiError.invalid("type", "expected one of full, partial, secondary, found '" + text + "'"));
        };
    }

    private record Settings(Optional<List<String>> nameServers, Optional<Boolean> paused, Optional<String> type) {}

    /** Changes paused or type; a plan means nothing here and is ignored. */
    Reply change(Call call) {
        ZoneState zone = changes.zone(call);
        Settings settings = call.body()
                .all(body -> new Settings(body.texts("vanity_name_servers"), body.flag("paused"), body.text("type")));
        if (!settings.nameServers().orElse(List.of()).isEmpty()) {
            throw new Refusal(
                    ApiError.invalid("vanity_name_servers", "name servers are the node's setting zones.name-servers"));
        }
        Optional<Boolean> paused = settings.paused();
        Optional<ZoneType> type = settings.type().map(ZoneCalls::type);
        if (paused.isEmpty() && type.isEmpty()) {
            return shown(zone);
        }
        return edit(call, zone, new Edit.ChangeZone(Optional.empty(), paused, type));
    }

    /** The operator vouches for the delegation: the zone is active from now on. */
    Reply activate(Call call) {
        ZoneState zone = changes.zone(call);
        Optional<ZoneStatus> active = Optional.of(ZoneStatus.ACTIVE);
        if (zone.zone().status() != ZoneStatus.ACTIVE) {
            Reply reply = edit(call, zone, new Edit.ChangeZone(active, Optional.empty(), Optional.empty()));
            if (reply instanceof Reply.Failed) {
                return reply;
            }
        }
        return Reply.of(new JsonObject().put("id", zone.zone().id()));
    }

    Reply delete(Call call) {
        ZoneState zone = changes.zone(call);
        OptionalLong expected = ZoneVersion.expected(call.header("If-Match"));
        return changes.apply(
                new ChangeSet(zone.zone().name(), expected, List.of(new Edit.DeleteZone())),
                applied -> new JsonObject().put("id", zone.zone().id()));
    }

    private Reply edit(Call call, ZoneState zone, Edit edit) {
        OptionalLong expected = ZoneVersion.expected(call.header("If-Match"));
        return changes.apply(
                new ChangeSet(zone.zone().name(), expected, List.of(edit)),
                applied -> ZoneJson.of(applied.state().zone()));
    }
}
