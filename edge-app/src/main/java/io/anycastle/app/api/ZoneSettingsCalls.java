package io.anycastle.app.api;

import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.rdata.OriginParser;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.ZoneRules;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /zones/{id}/settings}: how the proxy serves a zone's hosts, setting by setting. */
final class ZoneSettingsCalls {
    private static final List<String> IDS = Stream.concat(
                    Stream.of(ProxySettings.TLS, ProxySettings.PORTS, ProxySettings.PASS_ORIGIN_ERRORS),
                    Arrays.stream(OriginKey.values()).map(OriginKey::text))
            .toList();

    private final Changes changes;
    private final OriginTlsMode nodeTls;
    private final OriginParser parser;

    /** @param nodeTls what a zone has that sets no mode of its own */
    ZoneSettingsCalls(Changes changes, OriginTlsMode nodeTls, ZoneRules rules) {
        this.changes = changes;
        this.nodeTls = nodeTls;
        this.parser = new OriginParser("", rules.edgeAddresses());
    }

    ApiReply list(Call call) {
        ZoneState zone = changes.zone(call);
        return new ApiReply.Result(shown(zone, IDS), etag(zone));
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        return new ApiReply.Result(shown(zone, setting(call)), etag(zone));
    }

    /** Sets one to the body's {@code value}; null gives it back to the node. */
    ApiReply change(Call call) {
        String id = setting(call);
        return changes.rework(
                call,
                zone -> call.body().all(body -> {
                    body.requireField("value");
                    return edits(zone, new JsonObject().put(id, body.json().getValue("value")));
                }),
                zone -> shown(zone, id));
    }

    /** Sets those that the body's {@code items} name, all of them or, with every mistake told, none. */
    ApiReply changeSeveral(Call call) {
        JsonObject wanted = call.body().all(ZoneSettingsCalls::items);
        return changes.rework(call, zone -> edits(zone, wanted), zone -> shown(zone, wanted.fieldNames()));
    }

    private static JsonObject items(Body body) {
        JsonObject wanted = new JsonObject();
        body.requireField("items");
        for (Body item : body.objects("items")) {
            String id = item.requiredText("id");
            item.requireField("value");
            if (IDS.contains(id)) {
                wanted.put(id, item.json().getValue("value"));
            } else if (!id.isEmpty()) {
                item.mistake("id", "no such setting; expected one of " + String.join(", ", IDS));
            }
        }
        return wanted;
    }

    private static String setting(Call call) {
        String id = call.pathParameter("setting");
        if (!IDS.contains(id)) {
            throw new ApiException(ApiError.notRouted(call.path().substring("/client/v4".length())));
        }
        return id;
    }

    private List<Edit> edits(ZoneState zone, JsonObject wanted) {
        JsonObject stored = zone.document(ProxySettings.KEY)
                .flatMap(Document::json)
                .map(JsonObject::new)
                .orElseGet(JsonObject::new);
        List<FieldError> errors = new ArrayList<>();
        JsonObject into = stored.copy();
        if (wanted.containsKey(ProxySettings.TLS)) {
            put(into, ProxySettings.TLS, tls(wanted.getValue(ProxySettings.TLS), errors));
        }
        if (wanted.containsKey(ProxySettings.PASS_ORIGIN_ERRORS)) {
            Object value = wanted.getValue(ProxySettings.PASS_ORIGIN_ERRORS);
            put(into, ProxySettings.PASS_ORIGIN_ERRORS, onOrOff(value, errors));
        }
        if (wanted.containsKey(ProxySettings.PORTS)) {
            put(into, ProxySettings.PORTS, ports(wanted.getValue(ProxySettings.PORTS), errors));
        }
        OriginSettings held = zone.proxySettings().origin();
        OriginSettings origin = parser.over(held, OriginDraft.among(wanted.encode()), errors);
        for (OriginKey key : OriginKey.values()) {
            String json = origin.json().get(key);
            put(into, key.text(), json == null ? null : Json.decodeValue(json));
        }
        if (!errors.isEmpty()) {
            List<EditError> all =
                    errors.stream().map(error -> new EditError(0, error)).toList();
            throw new ApiException(ChangeErrors.invalid(all, edit -> ""));
        }
        return into.equals(stored) ? List.of() : List.of(new Edit.PutDocument(ProxySettings.KEY, into.encode()));
    }

    private static @Nullable String tls(@Nullable Object value, List<FieldError> errors) {
        if (value == null) {
            return null;
        }
        Optional<OriginTlsMode> mode = OriginTlsMode.named(value.toString());
        if (mode.isEmpty()) {
            String modes = Arrays.stream(OriginTlsMode.values())
                    .map(OriginTlsMode::text)
                    .collect(Collectors.joining(", "));
            errors.add(new FieldError(
                    ProxySettings.TLS, value.toString(), "expected one of " + modes, FieldError.Kind.INVALID_FIELD));
        }
        return value.toString();
    }

    private static @Nullable String onOrOff(@Nullable Object value, List<FieldError> errors) {
        if (value == null) {
            return null;
        }
        String text = value.toString();
        if (!text.equals("on") && !text.equals("off")) {
            errors.add(new FieldError(
                    ProxySettings.PASS_ORIGIN_ERRORS, text, "expected on or off", FieldError.Kind.INVALID_FIELD));
        }
        return text;
    }

    private static @Nullable JsonArray ports(@Nullable Object value, List<FieldError> errors) {
        if (value == null) {
            return null;
        }
        Optional<ClientPorts> ports = ClientPorts.parsed(Json.encode(value));
        if (ports.isEmpty()) {
            errors.add(new FieldError(
                    ProxySettings.PORTS,
                    value.toString(),
                    "expected " + ClientPorts.EXPECTED,
                    FieldError.Kind.INVALID_FIELD));
        }
        return new JsonArray(ports.map(ClientPorts::list).orElse(List.of()));
    }

    private static void put(JsonObject into, String field, @Nullable Object value) {
        if (value == null) {
            into.remove(field);
        } else {
            into.put(field, value);
        }
    }

    private JsonArray shown(ZoneState zone, Iterable<String> ids) {
        JsonArray settings = new JsonArray();
        ids.forEach(id -> settings.add(shown(zone, id)));
        return settings;
    }

    private JsonObject shown(ZoneState zone, String id) {
        Optional<Document> document = zone.document(ProxySettings.KEY);
        JsonObject own = document.flatMap(Document::json).map(JsonObject::new).orElseGet(JsonObject::new);
        Object fallback = switch (id) {
            case ProxySettings.TLS -> nodeTls.text();
            case ProxySettings.PASS_ORIGIN_ERRORS -> "on";
            default -> null;
        };
        return new JsonObject()
                .put("id", id)
                .put("value", own.getValue(id, fallback))
                .put("editable", true)
                .put("modified_on", RecordJson.time(document.filter(d -> own.containsKey(id))));
    }

    private static Map<String, String> etag(ZoneState zone) {
        return Map.of("ETag", ZoneVersion.etag(zone.zone().version()));
    }
}
