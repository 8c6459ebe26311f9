package io.anycastle.dns;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;

/**
 * Makes zones for tests from master-file lines; a line may begin with {@code proxied}, {@code proxied4}, {@code proxied6}, {@code flattened}
 * or {@code proxied-flattened}.
 */
public final class ZoneText {
    private ZoneText() {}

    /** An active zone, at version and serial 1. */
    public static ZoneState active(String origin, String lines) {
        return of(zone(origin, ZoneStatus.ACTIVE, false, 1), lines);
    }

    public static Zone zone(String origin, ZoneStatus status, boolean paused, int serial) {
        return new Zone(
                "0".repeat(32),
                DomainName.of(origin),
                ZoneType.FULL,
                status,
                paused,
                serial,
                serial,
                List.of(DomainName.of("ns1.anycast.test"), DomainName.of("ns2.anycast.test")),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }

    public static ZoneState of(Zone zone, String lines) {
        Map<DomainName, List<Record>> byName = new HashMap<>();
        for (String line : lines.lines().filter(l -> !l.isBlank()).toList()) {
            Record record = record(zone.name(), line.strip());
            byName.computeIfAbsent(record.name(), _ -> new ArrayList<>()).add(record);
        }
        ZoneState state = ZoneState.empty(zone);
        for (var entry : byName.entrySet()) {
            state = state.with(names(entry.getKey(), entry.getValue()));
        }
        return state;
    }

    public static NameRecords names(DomainName name, List<Record> records) {
        return new NameRecords(name, new Stamp(0, 0, "test"), records);
    }

    private static int ids;

    public static Record record(DomainName zone, String line) {
        boolean isFlagged = line.startsWith("proxied") || line.startsWith("flattened ");
        String flag = isFlagged ? line.substring(0, line.indexOf(' ')) : "";
        String text = line.substring(flag.length()).strip();
        try (Master master = new Master(
                new java.io.ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Name.fromString(zone + ".", Name.root),
                1)) {
            org.xbill.DNS.Record parsed = master.nextRecord();
            return new Record(
                    String.format("%032x", ids++),
                    DomainName.of(parsed.getName().toString()),
                    RecordType.of(parsed.getType()).orElseThrow(),
                    parsed.rdataToString(),
                    OptionalInt.empty(),
                    new Ttl((int) parsed.getTTL()),
                    flag.startsWith("proxied"),
                    new RecordSettings(flag.endsWith("4"), flag.endsWith("6"), flag.endsWith("flattened")),
                    "",
                    List.of(),
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Rdata.of(parsed.rdataToWireCanonical()));
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
