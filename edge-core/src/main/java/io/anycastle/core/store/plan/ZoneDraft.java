package io.anycastle.core.store.plan;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.UnknownFields;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** A zone's records while a change set is worked out: only the names that it touches are copied. */
final class ZoneDraft {
    private final ZoneState before;
    private final Map<DomainName, NameDraft> touched = new HashMap<>();
    private final Map<DomainName, Integer> lastPut = new HashMap<>();
    private final Map<String, DomainName> moved = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final Map<String, Optional<String>> documents = new HashMap<>();
    private final Map<DomainName, UnknownFields> unknown = new HashMap<>();

    ZoneDraft(ZoneState before) {
        this.before = before;
    }

    Optional<Record> record(String id) {
        if (gone.contains(id)) {
            return Optional.empty();
        }
        Optional<DomainName> name =
                Optional.ofNullable(moved.get(id)).or(() -> before.record(id).map(Record::name));
        return name.flatMap(n -> at(n).record(id));
    }

    NameDraft at(DomainName name) {
        return touched.computeIfAbsent(
                name,
                n -> new NameDraft(
                        n,
                        n.equals(before.zone().name()),
                        before.at(n).map(NameRecords::records).orElse(List.of())));
    }

    /** Puts a record that no rule refuses; it leaves the name where it lay before. */
    void put(Record record, int edit) {
        record(record.id()).filter(old -> !old.name().equals(record.name())).ifPresent(this::remove);
        gone.remove(record.id());
        moved.put(record.id(), record.name());
        lastPut.put(record.name(), edit);
        at(record.name()).put(record);
    }

    void remove(Record record) {
        at(record.name()).remove(record.id());
        moved.remove(record.id());
        gone.add(record.id());
    }

    /** Visits the names that got records, each with the index of the last edit that put one there. */
    void forEachPut(BiConsumer<NameDraft, Integer> visitor) {
        lastPut.forEach((name, edit) -> visitor.accept(at(name), edit));
    }

    /** The names whose records are not what they were. */
    Set<DomainName> changed() {
        Set<DomainName> changed = new HashSet<>();
        touched.forEach((name, draft) -> {
            if (!before.at(name).map(NameRecords::records).orElse(List.of()).equals(draft.records())) {
                changed.add(name);
            }
        });
        return changed;
    }

    /** All records as they stand. */
    Stream<Record> records() {
        Stream<Record> untouched = before.names().values().stream()
                .filter(name -> !touched.containsKey(name.name()))
                .flatMap(name -> name.records().stream());
        return Stream.concat(untouched, touched.values().stream().flatMap(name -> name.records().stream()));
    }

    Optional<String> document(String key) {
        return documents.getOrDefault(key, before.document(key).flatMap(Document::json));
    }

    /** Puts a document, or takes it away. */
    void document(String key, Optional<String> json) {
        documents.put(key, json);
    }

    /** The keys of the documents that are not what they were. */
    Set<String> changedDocuments() {
        Set<String> changed = new HashSet<>();
        documents.forEach((key, json) -> {
            if (!before.document(key).flatMap(Document::json).equals(json)) {
                changed.add(key);
            }
        });
        return changed;
    }

    /** What a newer version has added to the name; otherwise what is there stays. */
    void unknown(DomainName name, UnknownFields fields) {
        unknown.put(name, fields);
    }

    private UnknownFields unknownOf(DomainName name) {
        UnknownFields present = before.at(name).map(NameRecords::unknown).orElse(UnknownFields.NONE);
        return unknown.getOrDefault(name, present);
    }

    ZoneState finish(Zone zone, Set<DomainName> changed, Stamp stamp) {
        List<NameRecords> names = new ArrayList<>(changed.size());
        for (DomainName name : changed) {
            names.add(new NameRecords(name, stamp, at(name).records(), unknownOf(name)));
        }
        ZoneState state = before.withZone(zone).with(names);
        for (String key : changedDocuments()) {
            UnknownFields kept = before.document(key).map(Document::unknown).orElse(UnknownFields.NONE);
            state = state.with(new Document(key, stamp, document(key), kept));
        }
        return state;
    }
}
