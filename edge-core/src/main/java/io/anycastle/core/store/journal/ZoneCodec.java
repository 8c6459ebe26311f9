package io.anycastle.core.store.journal;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The stored form of a {@link ZoneDelta} and of what it consists of, beside {@link NameCodec}. */
final class ZoneCodec {
    private static final int PAUSED = 1;
    private static final int WAS_ACTIVATED = 2;
    private static final int ZONE_BITS = 2;
    private static final int NAMES_EXPECTED_MAX = 10_000;

    private ZoneCodec() {}

    static void write(EntryOutput out, ZoneDelta delta) {
        out.text(delta.zone().toString());
        out.stamp(delta.stamp());
        out.stamps(delta.bases());
        out.octet(delta.head().isPresent() ? 1 : 0);
        delta.head().ifPresent(head -> {
            out.stamp(head.stamp());
            write(out, head.zone());
        });
        out.number(delta.names().size());
        NameCodec form = new NameCodec(delta.zone());
        delta.names().forEach(name -> form.write(out, name));
        out.stamps(delta.seen().values());
        out.number(delta.documents().size());
        delta.documents().forEach(document -> write(out, document));
        out.number(delta.losses().added().size());
        delta.losses().added().forEach(conflict -> write(out, form, conflict));
        out.number(delta.losses().settled().size());
        delta.losses().settled().forEach(out::text);
        out.unknown(delta.unknown());
    }

    static ZoneDelta read(EntryInput in) throws IOException {
        DomainName zone = NameCodec.name(in.text());
        Stamp stamp = in.stamp();
        Set<Stamp> bases = Set.copyOf(in.stamps());
        Optional<ZoneHead> head = in.octet() == 0 ? Optional.empty() : Optional.of(readHead(in));
        NameCodec form = new NameCodec(zone);
        int count = in.count();
        List<NameRecords> names = new ArrayList<>(Math.min(count, NAMES_EXPECTED_MAX));
        for (int i = 0; i < count; i++) {
            names.add(form.read(in));
        }
        Map<String, Stamp> seen = in.stamps().stream().collect(Collectors.toMap(Stamp::nodeId, s -> s, (a, b) -> b));
        List<Document> documents = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            documents.add(readDocument(in));
        }
        var losses = readLosses(in, form);
        return new ZoneDelta(zone, bases, stamp, head, names, documents, seen, losses, in.unknown());
    }

    private static ZoneDelta.Losses readLosses(EntryInput in, NameCodec form) throws IOException {
        List<Conflict> added = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            added.add(readConflict(in, form));
        }
        Set<String> settled = new HashSet<>();
        for (int left = in.count(); left > 0; left--) {
            settled.add(in.text());
        }
        return added.isEmpty() && settled.isEmpty() ? ZoneDelta.Losses.NONE : new ZoneDelta.Losses(added, settled);
    }

    private static ZoneHead readHead(EntryInput in) throws IOException {
        Stamp stamp = in.stamp();
        return new ZoneHead(readZone(in), stamp);
    }

    private static void write(EntryOutput out, Zone zone) {
        out.text(zone.id());
        out.text(zone.name().toString());
        out.sharedText(zone.type().name());
        out.sharedText(zone.status().name());
        out.number((zone.paused() ? PAUSED : 0) | (zone.activatedOn().isPresent() ? WAS_ACTIVATED : 0));
        out.number(zone.version());
        out.signed(zone.serial());
        out.number(zone.nameServers().size());
        zone.nameServers().forEach(server -> out.sharedText(server.toString()));
        out.instant(zone.createdOn());
        out.instant(zone.modifiedOn());
        zone.activatedOn().ifPresent(out::instant);
        out.unknown(zone.unknown());
    }

    private static Zone readZone(EntryInput in) throws IOException {
        String id = in.text();
        DomainName name = NameCodec.name(in.text());
        ZoneType type = ZoneType.valueOf(in.sharedText());
        ZoneStatus status = ZoneStatus.valueOf(in.sharedText());
        int bits = in.number((1 << ZONE_BITS) - 1);
        long version = in.number();
        int serial = (int) in.signed();
        List<DomainName> servers = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            servers.add(NameCodec.name(in.sharedText()));
        }
        Instant createdOn = in.instant();
        Instant modifiedOn = in.instant();
        Optional<Instant> activatedOn = (bits & WAS_ACTIVATED) != 0 ? Optional.of(in.instant()) : Optional.empty();
        boolean isPaused = (bits & PAUSED) != 0;
        return new Zone(
                id,
                name,
                type,
                status,
                isPaused,
                version,
                serial,
                servers,
                createdOn,
                modifiedOn,
                activatedOn,
                in.unknown());
    }

    private static void write(EntryOutput out, Document document) {
        out.text(document.key());
        out.stamp(document.stamp());
        out.octet(document.isTombstone() ? 0 : 1);
        document.json().ifPresent(out::text);
        out.unknown(document.unknown());
    }

    private static Document readDocument(EntryInput in) throws IOException {
        String key = in.text();
        Stamp stamp = in.stamp();
        Optional<String> json = in.octet() == 0 ? Optional.empty() : Optional.of(in.text());
        return new Document(key, stamp, json, in.unknown());
    }

    private static void write(EntryOutput out, NameCodec form, Conflict conflict) {
        out.text(conflict.id());
        out.stamp(conflict.merged());
        out.stamp(conflict.winner());
        switch (conflict.lost()) {
            case Conflict.Name name -> {
                out.octet('n');
                form.write(out, name.records());
            }
            case Conflict.Text text -> {
                out.octet('d');
                write(out, text.document());
            }
            case Conflict.Settings settings -> {
                out.octet('s');
                write(out, settings.zone());
                out.stamp(settings.stamp());
            }
            case Conflict.Deletion deletion -> {
                out.octet('g');
                out.stamp(deletion.stamp());
            }
        }
    }

    private static Conflict readConflict(EntryInput in, NameCodec form) throws IOException {
        String id = in.text();
        Stamp merged = in.stamp();
        Stamp winner = in.stamp();
        int kind = in.octet();
        Conflict.Lost lost = switch (kind) {
            case 'n' -> new Conflict.Name(form.read(in));
            case 'd' -> new Conflict.Text(readDocument(in));
            case 's' -> new Conflict.Settings(readZone(in), in.stamp());
            case 'g' -> new Conflict.Deletion(in.stamp());
            default -> throw new IOException("this version knows no conflict of kind " + kind);
        };
        return new Conflict(id, merged, winner, lost);
    }
}
