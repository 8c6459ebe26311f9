package io.anycastle.core.store.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.UnknownFields;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.plan.RecordFields;
import io.anycastle.core.store.plan.ZoneFields;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The JSON form of zones and records in the cluster maps. Streaming both ways; what a newer version has added is written back, and
 * skipped in what others than nodes may have written.
 */
final class JsonCodec {
    static final JsonFactory JSON = new JsonFactory();
    static final int FORMAT = 1;

    private static final ObjectMapper TREES = new ObjectMapper();

    private JsonCodec() {}

    static String text(Stamp stamp) {
        return stamp.millis() + "." + stamp.counter() + "." + stamp.nodeId();
    }

    /** @throws IllegalArgumentException when the text is no stamp */
    static Stamp stamp(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            throw new IllegalArgumentException("'" + text + "' is no stamp");
        }
        return new Stamp(
                Long.parseLong(text, 0, first, 10),
                Integer.parseInt(text, first + 1, second, 10),
                text.substring(second + 1));
    }

    /** Writes the head's fields into an object that the caller has opened. */
    static void writeZone(JsonGenerator json, Zone zone) throws IOException {
        json.writeStringField("id", zone.id());
        json.writeStringField("name", zone.name().toString());
        json.writeStringField("type", lower(zone.type()));
        json.writeStringField("status", lower(zone.status()));
        json.writeBooleanField("paused", zone.paused());
        json.writeNumberField("version", zone.version());
        json.writeNumberField("serial", Integer.toUnsignedLong(zone.serial()));
        json.writeArrayFieldStart("name_servers");
        for (DomainName server : zone.nameServers()) {
            json.writeString(server.toString());
        }
        json.writeEndArray();
        json.writeStringField("created_on", zone.createdOn().toString());
        json.writeStringField("modified_on", zone.modifiedOn().toString());
        if (zone.activatedOn().isPresent()) {
            json.writeStringField("activated_on", zone.activatedOn().get().toString());
        }
        writeUnknown(json, zone.unknown());
    }

    private static void writeUnknown(JsonGenerator json, UnknownFields unknown) throws IOException {
        for (var field : unknown.json().entrySet()) {
            json.writeFieldName(field.getKey());
            json.writeRawValue(field.getValue());
        }
    }

    /** Writes the {@code records} of an object that the caller has opened, and what a newer version has added to the name. */
    static void writeRecords(JsonGenerator json, NameRecords name) throws IOException {
        json.writeArrayFieldStart("records");
        for (Record record : name.records()) {
            writeRecord(json, record);
        }
        json.writeEndArray();
        writeUnknown(json, name.unknown());
    }

    private static void writeRecord(JsonGenerator json, Record record) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", record.id());
        json.writeStringField("type", record.type().name());
        json.writeStringField("content", record.content());
        if (record.priority().isPresent()) {
            json.writeNumberField("priority", record.priority().getAsInt());
        }
        json.writeNumberField("ttl", record.ttl().seconds());
        json.writeBooleanField("proxied", record.proxied());
        if (record.settings().hasSwitch()) {
            writeSettings(json, record.settings());
        }
        if (!record.comment().isEmpty()) {
            json.writeStringField("comment", record.comment());
        }
        if (!record.tags().isEmpty()) {
            json.writeArrayFieldStart("tags");
            for (String tag : record.tags()) {
                json.writeString(tag);
            }
            json.writeEndArray();
        }
        json.writeStringField("created_on", record.createdOn().toString());
        json.writeStringField("modified_on", record.modifiedOn().toString());
        json.writeBinaryField("rdata", record.rdata().wire());
        writeUnknown(json, record.addedFields());
        json.writeEndObject();
    }

    private static void writeSettings(JsonGenerator json, RecordSettings settings) throws IOException {
        json.writeObjectFieldStart("settings");
        json.writeBooleanField("ipv4_only", settings.ipv4Only());
        json.writeBooleanField("ipv6_only", settings.ipv6Only());
        json.writeBooleanField("flatten_cname", settings.flattenCname());
        json.writeEndObject();
    }

    /** Reads a head; the parser stands on its opening brace. */
    static ZoneFields readZone(JsonParser json) throws IOException {
        ZoneFields zone = new ZoneFields();
        expect(json, JsonToken.START_OBJECT);
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            readZoneField(json, field, zone);
        }
        return zone;
    }

    static void readZoneField(JsonParser json, String field, ZoneFields zone) throws IOException {
        switch (field) {
            case "id" -> zone.id = json.getText();
            case "name" -> zone.name = json.getText();
            case "type" -> zone.type = Optional.of(named(ZoneType.class, json.getText()));
            case "status" -> zone.status = Optional.of(named(ZoneStatus.class, json.getText()));
            case "paused" -> zone.paused = Optional.of(json.getBooleanValue());
            case "version" -> zone.version = json.getLongValue();
            case "serial" -> zone.serial = (int) json.getLongValue();
            case "name_servers" ->
                zone.nameServers = strings(json).stream().map(DomainName::of).toList();
            case "created_on" -> zone.createdOn = instant(json.getText());
            case "modified_on" -> zone.modifiedOn = instant(json.getText());
            case "activated_on" -> zone.activatedOn = Optional.of(instant(json.getText()));
            case "stamp" -> zone.stamp = Optional.of(stamp(json.getText()));
            case "deleted" -> zone.deleted = json.getBooleanValue();
            default -> json.skipChildren();
        }
    }

    /** Reads the array of records that the parser stands on. */
    static List<RecordFields> readRecords(JsonParser json) throws IOException {
        expect(json, JsonToken.START_ARRAY);
        List<RecordFields> records = new ArrayList<>(2);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json, JsonToken.START_OBJECT);
            records.add(readRecord(json));
        }
        return records;
    }

    private static RecordFields readRecord(JsonParser json) throws IOException {
        RecordFields record = new RecordFields();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "id" -> record.id = Optional.of(json.getText());
                case "type" -> record.type = json.getText();
                case "content" -> record.content = json.getText();
                case "priority" -> record.priority = Optional.of(json.getIntValue());
                case "ttl" -> record.ttl = Optional.of(json.getIntValue());
                case "proxied" -> record.proxied = Optional.of(json.getBooleanValue());
                case "settings" -> record.settings = Optional.of(readSettings(json));
                case "comment" -> record.comment = json.getText();
                case "tags" -> record.tags = strings(json);
                case "created_on" -> record.createdOn = instant(json.getText());
                case "modified_on" -> record.modifiedOn = instant(json.getText());
                case "rdata" -> record.rdata = json.getBinaryValue();
                default -> readAdded(json, field, record);
            }
        }
        return record;
    }

    private static void readAdded(JsonParser json, String field, RecordFields record) throws IOException {
        Optional<OriginKey> key = OriginKey.named(field);
        if (key.isPresent()) {
            record.origin.put(key.get(), TREES.readTree(json));
        } else {
            json.skipChildren();
        }
    }

    private static RecordSettings readSettings(JsonParser json) throws IOException {
        boolean ipv4Only = false;
        boolean ipv6Only = false;
        boolean flattenCname = false;
        expect(json, JsonToken.START_OBJECT);
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "ipv4_only" -> ipv4Only = json.getBooleanValue();
                case "ipv6_only" -> ipv6Only = json.getBooleanValue();
                case "flatten_cname" -> flattenCname = json.getBooleanValue();
                default -> json.skipChildren();
            }
        }
        return new RecordSettings(ipv4Only, ipv6Only, flattenCname);
    }

    static List<String> strings(JsonParser json) throws IOException {
        expect(json, JsonToken.START_ARRAY);
        List<String> strings = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            strings.add(json.getText());
        }
        return strings;
    }

    static void expect(JsonParser json, JsonToken token) throws IOException {
        if (json.currentToken() != token) {
            throw new IOException("expected " + token + " at " + json.currentTokenLocation());
        }
    }

    private static <E extends Enum<E>> E named(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@link Instant#parse} for the form that {@link Instant#toString} writes, several times as fast: start-up reads two a record. */
    static Instant instant(String text) {
        if (text.length() < 20 || text.charAt(4) != '-' || text.charAt(text.length() - 1) != 'Z') {
            return Instant.parse(text);
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        long seconds = number(text, 11, 13) * 3600L + number(text, 14, 16) * 60L + number(text, 17, 19);
        int digits = Math.max(0, text.length() - 21);
        int nanos = digits == 0 ? 0 : number(text, 20, 20 + digits);
        for (int i = digits; i < 9; i++) {
            nanos *= 10;
        }
        return Instant.ofEpochSecond(day * 86_400 + seconds, nanos);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
