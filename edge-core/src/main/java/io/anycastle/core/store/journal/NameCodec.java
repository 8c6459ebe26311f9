package io.anycastle.core.store.journal;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordRow;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.UnknownFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored form of names and their records inside one entry. A name is written without the zone that it lies in; each record begins
 * with bits that say which of its parts follow. What versions of this same format add goes into the unknown fields; anything else needs a
 * new format.
 */
final class NameCodec {
    private static final int HAS_PRIORITY = 1 << 4;
    private static final int HAS_CONTENT = 1 << 5;
    private static final int HAS_COMMENT = 1 << 6;
    private static final int HAS_TAGS = 1 << 7;
    private static final int WAS_MODIFIED = 1 << 8;
    private static final int HAS_UNKNOWN = 1 << 9;
    private static final int BITS = 10;
    private static final int SWITCHES = HAS_PRIORITY - 1;
    private static final int TYPE_MAX = 0xffff;

    private final byte[] ending;
    private final String zone;
    private final RecordRow row = new RecordRow();

    /** For names of that zone; one thread at a time. */
    NameCodec(DomainName zone) {
        this.zone = zone.toString();
        ending = ("." + zone).getBytes(StandardCharsets.US_ASCII);
    }

    void write(EntryOutput out, NameRecords name) {
        write(out, name.name());
        boolean hasUnknown = !name.unknown().isEmpty();
        out.number((long) name.records().size() << 1 | (hasUnknown ? 1 : 0));
        out.stamp(name.stamp());
        for (Record record : name.records()) {
            write(out, record.row());
        }
        if (hasUnknown) {
            out.unknown(name.unknown());
        }
    }

    NameRecords read(EntryInput in) throws IOException {
        DomainName name = readName(in);
        int head = in.number((long) in.left() << 1 | 1);
        var stamp = in.stamp();
        List<Record> records = new ArrayList<>(head >> 1);
        for (int i = 0; i < head >> 1; i++) {
            records.add(readRecord(in, name));
        }
        return new NameRecords(name, stamp, records, (head & 1) != 0 ? in.unknown() : UnknownFields.NONE);
    }

    /** Its length, doubled; odd when the zone's name follows in the reader's mind. The zone itself is the empty name. */
    private void write(EntryOutput out, DomainName name) {
        String text = name.toString();
        int left = text.length() - ending.length;
        if (text.equals(zone)) {
            out.number(1);
        } else if (left > 0 && text.charAt(left) == '.' && text.endsWith(zone)) {
            out.number((long) left << 1 | 1);
            out.ascii(text, left);
        } else {
            out.number((long) text.length() << 1);
            out.ascii(text, text.length());
        }
    }

    private DomainName readName(EntryInput in) throws IOException {
        int head = in.number(DomainName.TEXT_CHARS_MAX << 1 | 1);
        if (head == 1) {
            return name(zone);
        }
        return name(in.ascii(head >> 1, (head & 1) != 0 ? ending : NONE));
    }

    private static final byte[] NONE = {};

    static DomainName name(String stored) {
        return stored.isEmpty() ? DomainName.ROOT : DomainName.of(stored);
    }

    private static void write(EntryOutput out, RecordRow row) {
        UnknownFields added = row.addedFields();
        int bits = row.switches
                | (row.priority != RecordRow.NO_PRIORITY ? HAS_PRIORITY : 0)
                | (row.content != null ? HAS_CONTENT : 0)
                | (row.comment.isEmpty() ? 0 : HAS_COMMENT)
                | (row.tags.isEmpty() ? 0 : HAS_TAGS)
                | (row.modifiedMicros != row.createdMicros ? WAS_MODIFIED : 0)
                | (added.isEmpty() ? 0 : HAS_UNKNOWN);
        out.number(bits);
        out.number(row.type.code());
        out.fixed(row.idHigh);
        out.fixed(row.idLow);
        out.number(row.ttlSeconds);
        out.micros(row.createdMicros);
        if ((bits & WAS_MODIFIED) != 0) {
            out.micros(row.modifiedMicros);
        }
        out.octets(row.rdata);
        if ((bits & HAS_PRIORITY) != 0) {
            out.number(row.priority);
        }
        if (row.content != null) {
            out.text(row.content);
        }
        if ((bits & HAS_COMMENT) != 0) {
            out.sharedText(row.comment);
        }
        if ((bits & HAS_TAGS) != 0) {
            out.number(row.tags.size());
            row.tags.forEach(out::sharedText);
        }
        if ((bits & HAS_UNKNOWN) != 0) {
            out.unknown(added);
        }
    }

    private Record readRecord(EntryInput in, DomainName name) throws IOException {
        int bits = in.number((1 << BITS) - 1);
        row.switches = bits & SWITCHES;
        row.type = type(in.number(TYPE_MAX));
        row.idHigh = in.fixed();
        row.idLow = in.fixed();
        row.ttlSeconds = in.number(Integer.MAX_VALUE);
        row.createdMicros = in.micros();
        row.modifiedMicros = (bits & WAS_MODIFIED) != 0 ? in.micros() : row.createdMicros;
        row.rdata = in.octets();
        row.priority = (bits & HAS_PRIORITY) != 0 ? in.number(TYPE_MAX) : RecordRow.NO_PRIORITY;
        row.content = (bits & HAS_CONTENT) != 0 ? in.text() : null;
        row.comment = (bits & HAS_COMMENT) != 0 ? in.sharedText() : "";
        row.tags = (bits & HAS_TAGS) != 0 ? tags(in) : List.of();
        row.addedFields((bits & HAS_UNKNOWN) != 0 ? in.unknown() : UnknownFields.NONE);
        return new Record(name, row);
    }

    private static List<String> tags(EntryInput in) throws IOException {
        List<String> tags = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            tags.add(in.sharedText());
        }
        return tags;
    }

    private static RecordType type(int code) throws IOException {
        return RecordType.of(code).orElseThrow(() -> new IOException("unknown record type " + code));
    }
}
