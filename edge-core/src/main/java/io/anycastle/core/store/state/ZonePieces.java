package io.anycastle.core.store.state;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A zone in pieces that are small enough for an entry each; {@link PieceCollector} puts them together again. */
public final class ZonePieces {
    private static final int PIECE_NAMES = 1_000;

    private final Sink sink;
    private final List<NameRecords> piece = new ArrayList<>(PIECE_NAMES);
    private ZoneDelta carrier;

    /** Takes a piece. */
    public interface Sink {
        void take(ZoneDelta piece) throws IOException;
    }

    private ZonePieces(Sink sink, ZoneDelta carrier) {
        this.sink = sink;
        this.carrier = carrier;
    }

    /** Hands on the zone's pieces; the first holds all but the names, and the first names. */
    public static void each(DomainName name, ZoneImage zone, Sink sink) throws IOException {
        ZonePieces pieces = new ZonePieces(sink, rest(name, zone));
        if (zone.state().isPresent()) {
            for (NameRecords records : zone.state().get().names().values()) {
                pieces.add(records);
            }
        }
        for (Map.Entry<DomainName, Stamp> tombstone : zone.tombstones().entrySet()) {
            pieces.add(new NameRecords(tombstone.getKey(), tombstone.getValue(), List.of()));
        }
        pieces.handOn();
    }

    private void add(NameRecords records) throws IOException {
        piece.add(records);
        if (piece.size() == PIECE_NAMES) {
            handOn();
        }
    }

    private void handOn() throws IOException {
        sink.take(carrier.withNames(piece));
        piece.clear();
        carrier = bare(carrier);
    }

    private static ZoneDelta bare(ZoneDelta rest) {
        return new ZoneDelta(
                rest.zone(),
                Set.of(),
                rest.stamp(),
                rest.head(),
                List.of(),
                List.of(),
                Map.of(),
                ZoneDelta.Losses.NONE);
    }

    /** All of the zone but its names. */
    public static ZoneDelta rest(DomainName name, ZoneImage zone) {
        var losses = new ZoneDelta.Losses(List.copyOf(zone.conflicts().values()), Set.of());
        return new ZoneDelta(
                name, Set.of(), zone.stamp(), zone.head(), List.of(), zone.allDocuments(), zone.seen(), losses);
    }
}
