package io.anycastle.app.api;

import io.anycastle.core.activation.CheckHistory;
import io.anycastle.core.activation.CheckRules;
import io.anycastle.core.activation.Expectation;
import io.anycastle.core.activation.Verification;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.Exemption;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows what makes a zone active: what public DNS must say, what it said when it was last asked, and what to change. */
final class ActivationJson {
    private final CheckRules rules;

    ActivationJson(CheckRules rules) {
        this.rules = rules;
    }

    /** The zone as clients see it, with the fields that only some zones have. */
    JsonObject of(ZoneState zone) {
        JsonObject json = ZoneJson.of(zone.zone());
        foreignServers(zone).ifPresent(servers -> json.put("original_name_servers", servers));
        if (zone.zone().type() == ZoneType.PARTIAL) {
            partial(zone.zone(), json);
        }
        return json.put("activation", activation(zone));
    }

    private void partial(Zone zone, JsonObject json) {
        Verification verification = Verification.of(zone, rules.labels());
        json.put("name_servers", new JsonArray())
                .put(
                        "verification_name",
                        verification.names().stream()
                                .findFirst()
                                .map(DomainName::toString)
                                .orElse(null))
                .put("verification_key", verification.value())
                .put("cname_suffix", rules.suffix().map(DomainName::toString).orElse(null));
    }

    /** The servers that a zone waits to be taken from. */
    private Optional<JsonArray> foreignServers(ZoneState zone) {
        boolean isElsewhere = zone.zone().type() == ZoneType.FULL && zone.zone().status() != ZoneStatus.ACTIVE;
        if (!isElsewhere || !rules.isChecked(zone)) {
            return Optional.empty();
        }
        List<String> ours = rules.expectation(zone).values();
        List<String> foreign = rules.history(zone).last().map(CheckHistory.Seen::values).orElse(List.of()).stream()
                .filter(server -> !ours.contains(server))
                .toList();
        return foreign.isEmpty() ? Optional.empty() : Optional.of(new JsonArray(foreign));
    }

    private JsonObject activation(ZoneState zone) {
        if (!rules.isChecked(zone)) {
            String mode = Exemption.isAlwaysActive(zone) ? "always_active" : rules.isOn() ? "private" : "immediate";
            return new JsonObject().put("mode", mode);
        }
        CheckHistory history = rules.history(zone);
        Expectation expectation = rules.expectation(zone);
        JsonObject json = new JsonObject()
                .put("mode", "check")
                .put("expected", new JsonArray(expectation.values()))
                .put("found", new JsonArray())
                .put("result", null)
                .put("advice", null)
                .put("failures", history.failures())
                .put("checked_on", history.checkedOn().map(RecordJson::time).orElse(null))
                .put("next_check_on", RecordJson.time(history.nextOn()));
        history.last().ifPresent(seen -> {
            String advice = expectation.advice(seen.finding());
            json.put("found", new JsonArray(seen.values()))
                    .put("result", seen.verdict().name().toLowerCase(Locale.ROOT))
                    .put("advice", advice.isEmpty() ? null : advice);
        });
        return json;
    }
}
