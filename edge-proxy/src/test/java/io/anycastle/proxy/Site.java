package io.anycastle.proxy;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.view.CurrentView;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Fills a view with zones written as {@code name type content} lines, behind which a JSON object may say how the record's origin is asked.
 * A line that is such an object says it for the zone, and one that begins with {@code @} is a document of the zone: its key, then its text.
 */
public final class Site {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    private static final Stamp STAMP = new Stamp(1, 0, "n");

    private Site() {}

    /** Puts a zone into the view; a line that begins with {@code +} is proxied. */
    public static void show(CurrentView view, String zone, String... lines) {
        show(view, zone, ZoneStatus.ACTIVE, lines);
    }

    public static void show(CurrentView view, String zone, ZoneStatus status, String... lines) {
        show(view, zone(zone, ZoneType.FULL, status), lines);
    }

    /** The same for a zone whose DNS is elsewhere. */
    public static void showPartial(CurrentView view, String zone, String... lines) {
        show(view, zone(zone, ZoneType.PARTIAL, ZoneStatus.ACTIVE), lines);
    }

    private static void show(CurrentView view, Zone zone, String... lines) {
        ZoneState state = ZoneState.empty(zone);
        for (String line : lines) {
            if (line.startsWith("{")) {
                state = state.with(new Document(ProxySettings.KEY, STAMP, Optional.of(line)));
                continue;
            }
            if (line.startsWith("@")) {
                String[] document = line.substring(1).split(" ", 2);
                state = state.with(new Document(document[0], STAMP, Optional.of(document[1])));
                continue;
            }
            Record record = record(line);
            List<Record> records = new ArrayList<>(
                    state.at(record.name()).map(NameRecords::records).orElse(List.of()));
            records.add(record);
            state = state.with(new NameRecords(record.name(), STAMP, records));
        }
        view.update(state, Set.copyOf(state.names().keySet()));
    }

    private static Zone zone(String name, ZoneType type, ZoneStatus status) {
        return new Zone(
                "%032x".formatted(name.hashCode() & 0xFFFFFFFFL),
                DomainName.of(name),
                type,
                status,
                false,
                1,
                1,
                List.of(DomainName.of("ns1.example.net")),
                LONG_AGO,
                LONG_AGO,
                Optional.of(LONG_AGO));
    }

    private static Record record(String line) {
        boolean proxied = line.startsWith("+");
        String[] parts = line.split(" (?=\\{)", 2);
        String[] words = (proxied ? parts[0].substring(1) : parts[0]).split(" ", 3);
        OriginSettings origin = parts.length < 2
                ? OriginSettings.NONE
                : ProxySettings.parsed(parts[1]).origin();
        RecordType type = RecordType.named(words[1]).orElseThrow();
        return new Record(
                "%032x".formatted(line.hashCode() & 0xFFFFFFFFL),
                DomainName.of(words[0]),
                type,
                words[2],
                OptionalInt.empty(),
                Ttl.AUTO,
                proxied,
                new RecordSettings(false, false, false, origin),
                "",
                List.of(),
                LONG_AGO,
                LONG_AGO,
                Rdata.of(wire(type, words[2])));
    }

    private static byte[] wire(RecordType type, String content) {
        boolean isAddress = type == RecordType.A || type == RecordType.AAAA;
        return isAddress
                ? InetAddress.ofLiteral(content).getAddress()
                : DomainName.of(content).wire();
    }
}
