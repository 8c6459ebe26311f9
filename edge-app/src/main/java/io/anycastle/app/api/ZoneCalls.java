package io.anycastle.app.api;

import io.anycastle.core.activation.CheckRules;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Exemption;
import io.anycastle.core.view.EdgeView;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The calls on zones. */
final class ZoneCalls {
    private static final int PER_PAGE = 20;
    private static final int PER_PAGE_MAX = 50;
    private static final Edit ACTIVATE =
            new Edit.ChangeZone(Optional.of(ZoneStatus.ACTIVE), Optional.empty(), Optional.empty());

    private final Changes changes;
    private final CheckRules rules;
    private final ActivationJson json;
    private final InstantSource clock;

    ZoneCalls(Changes changes, CheckRules rules, InstantSource clock) {
        this.changes = changes;
        this.rules = rules;
        this.json = new ActivationJson(rules);
        this.clock = clock;
    }

    ApiReply list(Call call) {
        EdgeView view = changes.view();
        List<Zone> zones = ZoneFilter.select(view.zones().values().stream().map(ZoneState::zone), call.query());
        return new ApiReply.Listed(Page.Wanted.of(call.query(), PER_PAGE, PER_PAGE_MAX)
                .of(zones, zone -> json.of(view.zone(zone.name()).orElseThrow())));
    }

    ApiReply read(Call call) {
        return shown(changes.zone(call));
    }

    private ApiReply shown(ZoneState state) {
        return new ApiReply.Result(
                json.of(state), Map.of("ETag", ZoneVersion.etag(state.zone().version())));
    }

    private record Wanted(String name, Optional<String> type, boolean isAlwaysActive) {}

    ApiReply create(Call call) {
        Wanted wanted = call.body()
                .all(body -> new Wanted(
                        body.requiredText("name"),
                        body.text("type"),
                        body.flag("always_active").orElse(false)));
        String spelled = wanted.name();
        DomainName name;
        try {
            name = DomainName.of(spelled);
        } catch (InvalidNameException e) {
            throw new ApiException(ApiError.invalid("name", "'" + spelled + "': " + e.rule()));
        }
        ZoneType type = wanted.type().map(ZoneCalls::type).orElse(ZoneType.FULL);
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.CreateZone(type, List.of()));
        if (wanted.isAlwaysActive()) {
            edits.addAll(Exemption.edits(true));
            edits.add(ACTIVATE);
        }
        return changes.apply(new ChangeSet(name, OptionalLong.empty(), edits), applied -> json.of(applied.state()));
    }

    private static ZoneType type(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "full" -> ZoneType.FULL;
            case "partial" -> ZoneType.PARTIAL;
            case "secondary" -> ZoneType.SECONDARY;
            default ->
                throw new ApiException(
                        ApiError.invalid("type", "expected one of full, partial, secondary, found '" + text + "'"));
        };
    }

    private record Settings(
            Optional<List<String>> nameServers,
            Optional<Boolean> paused,
            Optional<String> type,
            Optional<Boolean> alwaysActive) {}

    /**
     * Changes paused, type or always_active; a plan means nothing here and is ignored. A zone whose type changes has to be seen in public
     * DNS anew, where zones are checked.
     */
    ApiReply change(Call call) {
        return changes.rework(call, zone -> edits(zone, settings(call.body())), json::of);
    }

    private static Settings settings(Body wanted) {
        Settings settings = wanted.all(body -> new Settings(
                body.texts("vanity_name_servers"), body.flag("paused"), body.text("type"), body.flag("always_active")));
        if (!settings.nameServers().orElse(List.of()).isEmpty()) {
            throw new ApiException(ApiError.invalid(
                    "vanity_name_servers",
                    "a zone takes the name servers of the node's setting zones.name-servers when it is added, and again by"
                            + " PATCH of its dns_settings with nameservers.type cloudflare.standard"));
        }
        return settings;
    }

    private List<Edit> edits(ZoneState zone, Settings settings) {
        Zone now = zone.zone();
        Optional<ZoneType> type = settings.type().map(ZoneCalls::type);
        List<Edit> edits = new ArrayList<>();
        settings.alwaysActive().map(Exemption::edits).ifPresent(edits::addAll);
        boolean isActivated = settings.alwaysActive().orElse(false) && now.status() != ZoneStatus.ACTIVE;
        if (isActivated || settings.paused().isPresent() || type.isPresent()) {
            Optional<ZoneStatus> status = isActivated ? Optional.of(ZoneStatus.ACTIVE) : Optional.empty();
            edits.add(new Edit.ChangeZone(status, settings.paused(), type));
        }
        type.filter(next -> next != now.type() && rules.isOn())
                .ifPresent(next -> edits.add(rules.retyped(next, clock.instant())));
        return edits;
    }

    /**
     * Has public DNS asked about the zone soon, by whichever node does that; where zones are not checked, there is nothing to ask and the
     * zone is made active.
     */
    ApiReply check(Call call) {
        return changes.rework(
                call,
                this::asked,
                zone -> new JsonObject().put("id", zone.zone().id()));
    }

    private List<Edit> asked(ZoneState zone) {
        if (rules.isChecked(zone)) {
            return rules.asked(zone, clock.instant()).stream().toList();
        }
        return zone.zone().status() == ZoneStatus.ACTIVE ? List.of() : List.of(ACTIVATE);
    }

    ApiReply delete(Call call) {
        ZoneState zone = changes.zone(call);
        OptionalLong expected = ZoneVersion.expected(call.header("If-Match"));
        return changes.apply(
                new ChangeSet(zone.zone().name(), expected, List.of(new Edit.DeleteZone())),
                applied -> new JsonObject().put("id", zone.zone().id()));
    }
}
