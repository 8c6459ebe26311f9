package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Zones written as a table, for tests. */
public final class Zones {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    private Zones() {}

    /** An active full zone from lines of {@code name TYPE content [proxied]}, names as users spell them. */
    public static ZoneState active(String zone, String... rows) {
        ZoneState state = ZoneState.empty(zone(zone, ZoneStatus.ACTIVE, false));
        for (NameRecords records : names(DomainName.of(zone), rows).values()) {
            state = state.with(records);
        }
        return state;
    }

    /** The same for a zone whose DNS is elsewhere. */
    public static ZoneState partial(String zone, String... rows) {
        return active(zone, rows).withZone(zone(zone, ZoneType.PARTIAL, ZoneStatus.ACTIVE, false));
    }

    public static Zone zone(String name, ZoneStatus status, boolean paused) {
        return zone(name, ZoneType.FULL, status, paused);
    }

    private static Zone zone(String name, ZoneType type, ZoneStatus status, boolean paused) {
        return new Zone(
                id(name),
                DomainName.of(name),
                type,
                status,
                paused,
                1,
                1,
                List.of(DomainName.of("ns1.edge.test")),
                THEN,
                THEN,
                Optional.of(THEN));
    }

    private static Map<DomainName, NameRecords> names(DomainName zone, String... rows) {
        Map<DomainName, NameRecords> names = new LinkedHashMap<>();
        for (String row : rows) {
            String[] cells = row.split(" +");
            DomainName name = DomainName.inZone(cells[0], zone);
            Record record = record(name, cells[1], cells[2], cells.length > 3);
            names.merge(name, new NameRecords(name, new Stamp(1, 0, "test"), List.of(record)), Zones::joined);
        }
        return names;
    }

    private static NameRecords joined(NameRecords a, NameRecords b) {
        List<Record> all = new java.util.ArrayList<>(a.records());
        all.addAll(b.records());
        return new NameRecords(a.name(), a.stamp(), all);
    }

    /** The same records under another name, with ids of their own. */
    public static NameRecords renamed(NameRecords records, DomainName name) {
        List<Record> renamed = records.records().stream()
                .map(r -> record(name, r.type().name(), r.content(), r.proxied()))
                .toList();
        return new NameRecords(name, records.stamp(), renamed);
    }

    private static Record record(DomainName name, String type, String content, boolean proxied) {
        return new Record(
                id(name + type + content),
                name,
                RecordType.named(type).orElseThrow(),
                content,
                OptionalInt.empty(),
                Ttl.AUTO,
                proxied,
                RecordSettings.NONE,
                "",
                List.of(),
                THEN,
                THEN,
                Rdata.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static String id(String of) {
        return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }
}
