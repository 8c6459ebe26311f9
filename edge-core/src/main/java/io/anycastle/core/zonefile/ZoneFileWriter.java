package io.anycastle.core.zonefile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.rdata.ContentForm;
import io.anycastle.core.rdata.RecordContent;
import java.io.IOException;

/**
 * Writes a zone as a BIND master file, record by record, names in full. Comment, tags and switches stand in comments as {@link
 * RecordComment} spells them, automatic TTLs as 1, so that reading the file gives the same records again.
 */
public final class ZoneFileWriter {
    private static final String SOA_TIMES = "10000 2400 604800 1800";
    private static final int SOA_TTL_SECONDS = 3600;
    private static final int NS_TTL_SECONDS = 86_400;

    private ZoneFileWriter() {}

    public static void write(ZoneState state, Appendable out) throws IOException {
        Zone zone = state.zone();
        out.append("$ORIGIN ").append(absolute(zone.name())).append('\n');
        line(zone.name(), SOA_TTL_SECONDS, "SOA", out)
                .append(absolute(zone.nameServers().getFirst()))
                .append(" hostmaster.")
                .append(absolute(zone.name()))
                .append(' ')
                .append(Integer.toUnsignedString(zone.serial()))
                .append(' ')
                .append(SOA_TIMES)
                .append('\n');
        for (DomainName server : zone.nameServers()) {
            line(zone.name(), NS_TTL_SECONDS, "NS", out)
                    .append(absolute(server))
                    .append('\n');
        }
        for (NameRecords records : state.names().values()) {
            for (Record record : records.records()) {
                write(record, out);
            }
        }
    }

    private static void write(Record record, Appendable out) throws IOException {
        RecordContent content = new RecordContent(record.content(), record.priority(), record.rdata());
        line(record.name(), record.ttl().seconds(), record.type().name(), out)
                .append(ContentForm.of(record.type()).masterFileText(content))
                .append(RecordComment.of(record))
                .append('\n');
    }

    private static Appendable line(DomainName name, int ttlSeconds, String type, Appendable out) throws IOException {
        return out.append(absolute(name))
                .append('\t')
                .append(Integer.toString(ttlSeconds))
                .append("\tIN\t")
                .append(type)
                .append('\t');
    }

    private static String absolute(DomainName name) {
        return name + ".";
    }
}
