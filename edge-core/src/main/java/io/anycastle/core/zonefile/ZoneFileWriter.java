package io.anycastle.core.zonefile;

import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Soa;
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
    private final Soa soa;
    private final int nameServerTtlSeconds;

    /** Writes SOA and apex NS as the node answers them: these hold where the zone sets nothing of its own. */
    public ZoneFileWriter(Soa soa, int nameServerTtlSeconds) {
        this.soa = soa;
        this.nameServerTtlSeconds = nameServerTtlSeconds;
    }

    public void write(ZoneState state, Appendable out) throws IOException {
        Zone zone = state.zone();
        DnsSettings own = state.dnsSettings();
        Soa timers = own.soa().over(soa);
        out.append("$ORIGIN ").append(absolute(zone.name())).append('\n');
        line(zone.name(), timers.ttlSeconds(), "SOA", out)
                .append(absolute(own.soa().server().orElse(zone.nameServers().getFirst())))
                .append(' ')
                .append(absolute(own.soa().mailbox().orElseGet(() -> timers.mailbox(zone.name()))))
                .append(' ')
                .append(Integer.toUnsignedString(zone.serial()))
                .append(' ')
                .append(times(timers))
                .append('\n');
        for (DomainName server : zone.nameServers()) {
            line(zone.name(), own.nsTtlSeconds().orElse(nameServerTtlSeconds), "NS", out)
                    .append(absolute(server))
                    .append('\n');
        }
        for (NameRecords records : state.names().values()) {
            for (Record record : records.records()) {
                write(record, out);
            }
        }
    }

    private static String times(Soa soa) {
        return soa.refreshSeconds() + " " + soa.retrySeconds() + " " + soa.expireSeconds() + " " + soa.minimumSeconds();
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
