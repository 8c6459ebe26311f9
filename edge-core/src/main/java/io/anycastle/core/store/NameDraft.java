package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One name's records while a change set is worked out, with the rules among them. */
final class NameDraft {
    /** Most octets of text that the TXT records of one name hold together. */
    static final int TEXT_OCTETS_MAX = 8192;

    private record Key(RecordType type, Rdata rdata) {}

    private final DomainName name;
    private final boolean isApex;
    private final Map<String, Record> records = new LinkedHashMap<>();
    private final Map<RecordType, Integer> counts = new TreeMap<>();
    private final Set<Key> keys = new HashSet<>();
    private int textOctets;

    /** @param isApex whether it is the zone's own name, whose CNAME is always flattened and so stands beside other types */
    NameDraft(DomainName name, boolean isApex, Collection<Record> before) {
        this.name = name;
        this.isApex = isApex;
        before.forEach(this::put);
    }

    List<Record> records() {
        return List.copyOf(records.values());
    }

    Optional<Record> record(String id) {
        return Optional.ofNullable(records.get(id));
    }

    /** Adds the record, or puts it in the place of the one with its id. */
    void put(Record record) {
        remove(record.id(), false);
        records.put(record.id(), record);
        count(record, 1);
        keys.add(new Key(record.type(), record.rdata()));
    }

    void remove(String id) {
        remove(id, true);
    }

    private void remove(String id, boolean forGood) {
        Record record = forGood ? records.remove(id) : records.get(id);
        if (record != null) {
            count(record, -1);
            keys.remove(new Key(record.type(), record.rdata()));
        }
    }

    private void count(Record record, int by) {
        counts.merge(record.type(), by, (a, b) -> a + b == 0 ? null : a + b);
        if (record.type() == RecordType.TXT) {
            textOctets += by * record.rdata().length();
        }
    }

    /** Why the record cannot lie here, beside all that have another id. */
    Optional<FieldError> refusal(Record record) {
        Record replaced = records.get(record.id());
        if (replaced == null) {
            return clash(record);
        }
        remove(record.id(), false);
        Optional<FieldError> clash = clash(record);
        count(replaced, 1);
        keys.add(new Key(replaced.type(), replaced.rdata()));
        return clash;
    }

    private Optional<FieldError> clash(Record record) {
        if (keys.contains(new Key(record.type(), record.rdata()))) {
            return refuse(record, Kind.IDENTICAL_RECORD, "An identical record already exists.");
        }
        if (record.type() == RecordType.CNAME) {
            return besideCname(record);
        }
        if (has(RecordType.CNAME) && (!isApex || record.type() == RecordType.DNAME || isAddress(record))) {
            return refuse(
                    record, Kind.CNAME_CLASH, name + " has a CNAME record, and a CNAME tolerates no other record");
        }
        if (record.type() == RecordType.NS && !isApex) {
            return besideDelegation(record);
        }
        if (record.type() == RecordType.DNAME && has(RecordType.DNAME)) {
            return refuse(
                    record,
                    Kind.INVALID_CONTENT,
                    name + " has a DNAME record already, and can be redirected only once");
        }
        if (has(RecordType.NS) && !isApex && !liesBesideDelegation(record.type())) {
            return refuse(
                    record, Kind.NS_CLASH, name + " is delegated by NS records; only DS and glue addresses lie beside");
        }
        boolean tooMuchText =
                record.type() == RecordType.TXT && textOctets + record.rdata().length() > TEXT_OCTETS_MAX;
        return tooMuchText
                ? refuse(
                        record,
                        Kind.INVALID_CONTENT,
                        "the TXT records of a name hold at most " + TEXT_OCTETS_MAX + " characters together")
                : Optional.empty();
    }

    private Optional<FieldError> besideCname(Record record) {
        if (has(RecordType.A) || has(RecordType.AAAA) || has(RecordType.CNAME)) {
            return refuse(
                    record,
                    Kind.ADDRESS_OR_CNAME_CLASH,
                    "An A, AAAA, or CNAME record with that host already exists: " + name);
        }
        if (has(RecordType.NS) && !isApex) {
            return refuse(record, Kind.NS_CLASH, name + " is delegated by NS records; a CNAME cannot lie beside");
        }
        return (isApex && !has(RecordType.DNAME)) || counts.isEmpty()
                ? Optional.empty()
                : refuse(record, Kind.CNAME_CLASH, name + " has other records, and a CNAME tolerates none: " + types());
    }

    private Optional<FieldError> besideDelegation(Record record) {
        boolean clean = counts.keySet().stream().allMatch(type -> type == RecordType.NS || liesBesideDelegation(type));
        return clean
                ? Optional.empty()
                : refuse(
                        record,
                        Kind.NS_CLASH,
                        name + " has other records, and a delegation tolerates only DS and glue: " + types());
    }

    private static boolean isAddress(Record record) {
        return record.type() == RecordType.A || record.type() == RecordType.AAAA;
    }

    private static boolean liesBesideDelegation(RecordType type) {
        return type == RecordType.DS || type == RecordType.A || type == RecordType.AAAA;
    }

    /** What is wrong with the name once all edits are done: addresses at a cut must be glue, a DS needs its cut. */
    Optional<FieldError> finalRefusal(DomainName zone) {
        boolean isCut = has(RecordType.NS) && !name.equals(zone);
        for (Record record : records.values()) {
            if (record.type() == RecordType.DS && !isCut) {
                return refuse(record, Kind.INVALID_CONTENT, "a DS record lies beside the NS records of its name");
            }
            if (isCut && record.type().isProxiable() && (record.proxied() || !isOwnNameServer())) {
                return refuse(
                        record,
                        Kind.NS_CLASH,
                        name + " is delegated; an address there must be DNS only, and glue of an NS record that names "
                                + name);
            }
        }
        return Optional.empty();
    }

    private boolean isOwnNameServer() {
        return records.values().stream()
                .anyMatch(r -> r.type() == RecordType.NS && r.content().equals(name.toString()));
    }

    boolean has(RecordType type) {
        return counts.containsKey(type);
    }

    private String types() {
        return String.join(", ", counts.keySet().stream().map(RecordType::name).toList());
    }

    private static Optional<FieldError> refuse(Record record, Kind kind, String rule) {
        String field = kind == Kind.INVALID_CONTENT || kind == Kind.IDENTICAL_RECORD ? "content" : "name";
        String value =
                field.equals("content") ? record.content() : record.name().toString();
        return Optional.of(new FieldError(field, value, rule, kind));
    }
}
