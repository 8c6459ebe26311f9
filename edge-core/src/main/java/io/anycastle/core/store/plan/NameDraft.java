package io.anycastle.core.store.plan;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One name's records while a change set is worked out, with the rules among them. */
final class NameDraft {
    /** Most octets of text that the TXT records of one name hold together. */
    static final int TEXT_OCTETS_MAX = 8192;

    private record Key(RecordType type, Rdata rdata) {}

    private final DomainName name;
    private final boolean isApex;
    private final Map<String, Record> records = new LinkedHashMap<>();
    private final Map<RecordType, Integer> counts = new HashMap<>();
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
            textOctets += by * text(record);
        }
    }

    /** Octets of a TXT record's strings without their lengths. */
    private static int text(Record record) {
        byte[] wire = record.rdata().wire();
        int octets = wire.length;
        for (int at = 0; at < wire.length; at += 1 + (wire[at] & 255)) {
            octets--;
        }
        return octets;
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
        if (has(RecordType.CNAME) && toleratesNoCname(record.type())) {
            return refuse(
                    record,
                    Kind.CNAME_CLASH,
                    name + " has a CNAME record, beside which no address, NS, DNAME or second CNAME can stand");
        }
        if (record.type() == RecordType.DNAME && has(RecordType.DNAME)) {
            return refuse(
                    record,
                    Kind.INVALID_CONTENT,
                    name + " has a DNAME record already, and can be redirected only once");
        }
        if (!isApex && isBoth(record.type(), RecordType.NS, RecordType.DNAME)) {
            return refuse(
                    record, Kind.NS_CLASH, name + " cannot have both NS and DNAME records (RFC 6672 section 2.3)");
        }
        boolean tooMuchText = record.type() == RecordType.TXT && textOctets + text(record) > TEXT_OCTETS_MAX;
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
        return has(RecordType.DNAME)
                ? refuse(record, Kind.CNAME_CLASH, name + " has a DNAME record; a CNAME cannot lie beside")
                : Optional.empty();
    }

    /** A CNAME with other company is answered flattened, as the one at the apex always is; NS records there delegate nothing. */
    private boolean toleratesNoCname(RecordType type) {
        return type == RecordType.A
                || type == RecordType.AAAA
                || type == RecordType.DNAME
                || (type == RecordType.NS && !isApex);
    }

    private boolean isBoth(RecordType added, RecordType one, RecordType other) {
        return (added == one && has(other)) || (added == other && has(one));
    }

    /** What is wrong with the name once all edits are done: the edge cannot stand for a name that others answer for. */
    Optional<FieldError> finalRefusal(DomainName zone) {
        boolean isCut = has(RecordType.NS) && !name.equals(zone) && !name.isWildcard();
        for (Record record : records.values()) {
            if (isCut && record.proxied()) {
                return refuse(
                        record,
                        Kind.NS_CLASH,
                        name + " is delegated by NS records; an address there is glue at most, and must be DNS only");
            }
        }
        return Optional.empty();
    }

    /** Whether a record of that type with that data lies here. */
    boolean holds(Record record) {
        return keys.contains(new Key(record.type(), record.rdata()));
    }

    boolean has(RecordType type) {
        return counts.containsKey(type);
    }

    private static Optional<FieldError> refuse(Record record, Kind kind, String rule) {
        String field = kind == Kind.INVALID_CONTENT || kind == Kind.IDENTICAL_RECORD ? "content" : "name";
        String value =
                field.equals("content") ? record.content() : record.name().toString();
        return Optional.of(new FieldError(field, value, rule, kind));
    }
}
