package io.anycastle.core.store;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a journal or a snapshot is made of. */
sealed interface JournalEntry {
    /** The format that this version writes; it reads this one and all before. */
    int FORMAT = JsonForm.FORMAT;

    /** A change of a zone; it counts unless an abort follows. */
    record Delta(long sequence, ZoneDelta delta) implements JournalEntry {}

    /** The delta of that sequence lost its race and never happened. */
    record Abort(long sequence) implements JournalEntry {}

    /** A snapshot's piece of a zone: its head, or that it is gone, and some of its names. */
    record Piece(ZoneDelta delta) implements JournalEntry {}

    /** A snapshot is complete. */
    record End(long sequence) implements JournalEntry {}

    /** The stored form: one JSON object in UTF-8. */
    default byte[] bytes() {
        ByteArrayBuilder bytes = new ByteArrayBuilder(512);
        try (JsonGenerator json = JsonForm.JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeNumberField("f", FORMAT);
            switch (this) {
                case Delta delta -> {
                    json.writeNumberField("seq", delta.sequence);
                    write(json, delta.delta);
                }
                case Abort abort -> json.writeNumberField("abort", abort.sequence);
                case Piece piece -> write(json, piece.delta);
                case End end -> json.writeNumberField("end", end.sequence);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to write", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, ZoneDelta delta) throws IOException {
        json.writeStringField("zone", delta.zone().toString());
        json.writeStringField("stamp", JsonForm.text(delta.stamp()));
        writeStamps(json, "bases", delta.bases());
        if (delta.head().isPresent()) {
            json.writeStringField("head_stamp", JsonForm.text(delta.head().get().stamp()));
            json.writeObjectFieldStart("head");
            JsonForm.writeZone(json, delta.head().get().zone());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("names");
        for (NameRecords name : delta.names()) {
            json.writeStartObject();
            JsonForm.writeName(json, name);
            json.writeEndObject();
        }
        json.writeEndArray();
        writeStamps(json, "seen", delta.seen().values());
        if (!delta.documents().isEmpty()) {
            json.writeArrayFieldStart("documents");
            for (Document document : delta.documents()) {
                json.writeStartObject();
                JsonForm.writeDocument(json, document);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        ConflictForm.write(json, delta.losses());
    }

    private static void writeStamps(JsonGenerator json, String field, Collection<Stamp> stamps) throws IOException {
        if (!stamps.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (Stamp stamp : stamps) {
                json.writeString(JsonForm.text(stamp));
            }
            json.writeEndArray();
        }
    }

    /** @throws IOException when the bytes are no entry that this version can read */
    static JournalEntry read(byte[] bytes) throws IOException {
        try (JsonParser json = JsonForm.JSON.createParser(bytes)) {
            json.nextToken();
            JsonForm.expect(json, JsonToken.START_OBJECT);
            return new Fields().read(json);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** An entry's fields, in whatever order they come. */
    final class Fields {
        private int format;
        private long sequence = -1;
        private long abort = -1;
        private long end = -1;
        private String zone = "";
        private Stamp stamp = ZoneImage.NONE.stamp();
        private Stamp headStamp = ZoneImage.NONE.stamp();
        private Optional<Zone> head = Optional.empty();
        private List<Stamp> bases = List.of();
        private List<Stamp> seen = List.of();
        private final List<NameRecords> names = new ArrayList<>(2);
        private final List<Document> documents = new ArrayList<>(0);
        private final ConflictForm.Fields losses = new ConflictForm.Fields();

        JournalEntry read(JsonParser json) throws IOException {
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "f" -> format = json.getIntValue();
                    case "seq" -> sequence = json.getLongValue();
                    case "abort" -> abort = json.getLongValue();
                    case "end" -> end = json.getLongValue();
                    case "zone" -> zone = json.getText();
                    case "stamp" -> stamp = JsonForm.stamp(json.getText());
                    case "bases" -> bases = JsonForm.stamps(json);
                    case "head_stamp" -> headStamp = JsonForm.stamp(json.getText());
                    case "head" -> head = Optional.of(JsonForm.readZone(json).zone());
                    case "names" -> readNames(json);
                    case "seen" -> seen = JsonForm.stamps(json);
                    case "documents" -> readDocuments(json);
                    case "conflicts" -> losses.readAdded(json);
                    case "settled" -> losses.readSettled(json);
                    default -> json.skipChildren();
                }
            }
            if (format < 1 || format > FORMAT) {
                throw new IOException("an entry has format " + format + "; this version reads 1 to " + FORMAT);
            }
            return entry();
        }

        private JournalEntry entry() {
            if (abort >= 0) {
                return new Abort(abort);
            }
            if (end >= 0) {
                return new End(end);
            }
            ZoneDelta delta = new ZoneDelta(
                    DomainName.of(zone),
                    Set.copyOf(bases),
                    stamp,
                    head.map(h -> new ZoneHead(h, headStamp)),
                    names,
                    documents,
                    byNode(seen),
                    losses.losses());
            return sequence >= 0 ? new Delta(sequence, delta) : new Piece(delta);
        }

        private void readNames(JsonParser json) throws IOException {
            JsonForm.expect(json, JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                names.add(JsonForm.readName(json));
            }
        }

        private void readDocuments(JsonParser json) throws IOException {
            JsonForm.expect(json, JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                documents.add(JsonForm.readDocument(json));
            }
        }

        private static Map<String, Stamp> byNode(List<Stamp> stamps) {
            return stamps.stream().collect(Collectors.toMap(Stamp::nodeId, s -> s));
        }
    }
}
