package io.anycastle.core.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The JSON form of conflicts, beside {@link JsonForm}. */
final class ConflictForm {
    private ConflictForm() {}

    /** Writes the fields {@code conflicts} and {@code settled}, where there is something to write. */
    static void write(JsonGenerator json, ZoneDelta.Losses losses) throws IOException {
        if (!losses.added().isEmpty()) {
            json.writeArrayFieldStart("conflicts");
            for (Conflict conflict : losses.added()) {
                json.writeStartObject();
                write(json, conflict);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!losses.settled().isEmpty()) {
            json.writeArrayFieldStart("settled");
            for (String id : losses.settled()) {
                json.writeString(id);
            }
            json.writeEndArray();
        }
    }

    private static void write(JsonGenerator json, Conflict conflict) throws IOException {
        json.writeStringField("id", conflict.id());
        json.writeStringField("merged", JsonForm.text(conflict.merged()));
        json.writeStringField("winner", JsonForm.text(conflict.winner()));
        json.writeStringField("stamp", JsonForm.text(conflict.lost().stamp()));
        switch (conflict.lost()) {
            case Conflict.Name name -> {
                json.writeObjectFieldStart("name");
                JsonForm.writeName(json, name.records());
                json.writeEndObject();
            }
            case Conflict.Text text -> {
                json.writeObjectFieldStart("document");
                JsonForm.writeDocument(json, text.document());
                json.writeEndObject();
            }
            case Conflict.Settings settings -> {
                json.writeObjectFieldStart("settings");
                JsonForm.writeZone(json, settings.zone());
                json.writeEndObject();
            }
            case Conflict.Deletion ignored -> json.writeBooleanField("deletion", true);
        }
    }

    /** What was read of both fields. */
    static final class Fields {
        private final List<Conflict> added = new ArrayList<>(0);
        private Set<String> settled = Set.of();

        void readAdded(JsonParser json) throws IOException {
            JsonForm.expect(json, JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                JsonForm.expect(json, JsonToken.START_OBJECT);
                added.add(readConflict(json));
            }
        }

        void readSettled(JsonParser json) throws IOException {
            settled = Set.copyOf(JsonForm.strings(json));
        }

        ZoneDelta.Losses losses() {
            return added.isEmpty() && settled.isEmpty() ? ZoneDelta.Losses.NONE : new ZoneDelta.Losses(added, settled);
        }

        private static Conflict readConflict(JsonParser json) throws IOException {
            String id = "";
            Stamp merged = ZoneImage.NONE.stamp();
            Stamp winner = merged;
            Stamp stamp = merged;
            Optional<NameRecords> name = Optional.empty();
            Optional<Document> document = Optional.empty();
            Optional<Zone> settings = Optional.empty();
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "id" -> id = json.getText();
                    case "merged" -> merged = JsonForm.stamp(json.getText());
                    case "winner" -> winner = JsonForm.stamp(json.getText());
                    case "stamp" -> stamp = JsonForm.stamp(json.getText());
                    case "name" -> name = Optional.of(JsonForm.readName(json));
                    case "document" -> document = Optional.of(JsonForm.readDocument(json));
                    case "settings" ->
                        settings = Optional.of(JsonForm.readZone(json).zone());
                    default -> json.skipChildren();
                }
            }
            return new Conflict(id, merged, winner, lost(stamp, name, document, settings));
        }

        private static Conflict.Lost lost(
                Stamp stamp, Optional<NameRecords> name, Optional<Document> document, Optional<Zone> settings) {
            if (name.isPresent()) {
                return new Conflict.Name(name.get());
            }
            if (document.isPresent()) {
                return new Conflict.Text(document.get());
            }
            return settings.isPresent() ? new Conflict.Settings(settings.get(), stamp) : new Conflict.Deletion(stamp);
        }
    }
}
