package io.anycastle.core.activation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What checks of a zone have shown so far. It is stored with the zone, so that a restart and another node go on from it.
 *
 * @param type of the zone that was checked: after a change of type the checks begin anew, and nothing is confirmed yet
 * @param since when the zone is of that type
 * @param checks since the zone's status changed last
 * @param failures answers in a row that pointed elsewhere while the zone was active
 * @param last how the last check ended; empty before the first
 * @param checkedOn when that was
 * @param nextOn when the next is due
 * @param confirmedOn when public DNS was last seen to point here; only then can it stop to do so
 * @param movedOn when the zone was moved
 */
public record CheckHistory(
        ZoneType type,
        Instant since,
        int checks,
        int failures,
        Optional<Seen> last,
        Optional<Instant> checkedOn,
        Instant nextOn,
        Optional<Instant> confirmedOn,
        Optional<Instant> movedOn) {
    /** The document's key. */
    public static final String KEY = Document.OBSERVED + "activation";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How a check ended.
     *
     * @param values what was found
     * @param why there were none; empty when there were
     */
    public record Seen(CheckVerdict verdict, List<String> values, String why) {
        public Seen {
            values = List.copyOf(values);
        }

        static Seen of(CheckVerdict verdict, Finding finding) {
            return switch (finding) {
                case Finding.Found found -> new Seen(verdict, found.values(), "");
                case Finding.Nothing nothing -> new Seen(verdict, List.of(), nothing.why());
                case Finding.NoAnswer none -> new Seen(verdict, List.of(), none.why());
            };
        }

        /** What was found, as it was. */
        public Finding finding() {
            return !values.isEmpty()
                    ? new Finding.Found(values)
                    : verdict == CheckVerdict.UNKNOWN ? new Finding.NoAnswer(why) : new Finding.Nothing(why);
        }
    }

    /**
     * What is stored with the zone. Where nothing is, or nothing that can be read, the first check is due after its creation; and so it is
     * where its type was changed by somebody who did not begin anew, who may have done that at the zone's last change.
     */
    public static CheckHistory of(ZoneState zone, CheckSchedule schedule) {
        Zone head = zone.zone();
        Instant first = head.createdOn().plus(schedule.first());
        CheckHistory stored = zone.document(KEY)
                .flatMap(Document::json)
                .flatMap(text -> read(text, head.createdOn()))
                .orElseGet(() -> begun(head.type(), head.createdOn(), first));
        return stored.type == head.type()
                ? stored
                : new CheckHistory(
                        head.type(),
                        head.modifiedOn(),
                        0,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        first,
                        Optional.empty(),
                        stored.movedOn);
    }

    /** Nothing was seen yet. */
    static CheckHistory begun(ZoneType type, Instant since, Instant nextOn) {
        return new CheckHistory(
                type, since, 0, 0, Optional.empty(), Optional.empty(), nextOn, Optional.empty(), Optional.empty());
    }

    /** The same, with the next check due then. */
    public CheckHistory dueAt(Instant then) {
        return new CheckHistory(type, since, checks, failures, last, checkedOn, then, confirmedOn, movedOn);
    }

    CheckHistory movedOn(Optional<Instant> then) {
        return new CheckHistory(type, since, checks, failures, last, checkedOn, nextOn, confirmedOn, then);
    }

    /** The same, as if nobody had looked yet. */
    CheckHistory unchecked() {
        return new CheckHistory(type, since, checks, failures, last, Optional.empty(), nextOn, confirmedOn, movedOn);
    }

    /** The document's text. */
    public String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("type", type.name().toLowerCase(Locale.ROOT));
        json.put("since", since.toString());
        json.put("checks", checks);
        json.put("failures", failures);
        last.ifPresent(seen -> {
            json.put("verdict", seen.verdict().name().toLowerCase(Locale.ROOT));
            seen.values().forEach(json.putArray("found")::add);
            json.put("why", seen.why());
        });
        json.put("next_on", nextOn.toString());
        checkedOn.ifPresent(on -> json.put("checked_on", on.toString()));
        confirmedOn.ifPresent(on -> json.put("confirmed_on", on.toString()));
        movedOn.ifPresent(on -> json.put("moved_on", on.toString()));
        return json.toString();
    }

    /**
     * Empty when the text is none of {@link #json}: a newer version's, or somebody else's.
     *
     * @param createdOn when the zone was made, and of its type from then on where the text tells nothing else
     */
    private static Optional<CheckHistory> read(String text, Instant createdOn) {
        try {
            JsonNode json = JSON.readTree(text);
            return Optional.of(new CheckHistory(
                    ZoneType.valueOf(json.path("type").asText().toUpperCase(Locale.ROOT)),
                    instant(json, "since").orElse(createdOn),
                    json.path("checks").asInt(),
                    json.path("failures").asInt(),
                    seen(json),
                    instant(json, "checked_on"),
                    instant(json, "next_on").orElseThrow(() -> new DateTimeException("next_on is missing")),
                    instant(json, "confirmed_on"),
                    instant(json, "moved_on")));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Seen> seen(JsonNode json) {
        if (!json.has("verdict")) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        json.path("found").forEach(value -> values.add(value.asText()));
        CheckVerdict verdict =
                CheckVerdict.valueOf(json.path("verdict").asText().toUpperCase(Locale.ROOT));
        return Optional.of(new Seen(verdict, values, json.path("why").asText()));
    }

    private static Optional<Instant> instant(JsonNode json, String field) {
        return json.has(field) ? Optional.of(Instant.parse(json.path(field).asText())) : Optional.empty();
    }
}
