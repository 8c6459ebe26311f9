package io.anycastle.core.store;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the pieces of a snapshot together: a zone's pieces follow each other, and the zone is built in one pass. */
final class PieceCollector {
    private final List<ZoneDelta> pieces = new ArrayList<>();
    private StoreImage image = StoreImage.EMPTY;

    void take(ZoneDelta piece) {
        if (!pieces.isEmpty() && !pieces.getFirst().zone().equals(piece.zone())) {
            build();
        }
        pieces.add(piece);
    }

    /** Everything that was taken. */
    StoreImage image() {
        build();
        return image;
    }

    private void build() {
        if (!pieces.isEmpty()) {
            image = image.with(joined());
            pieces.clear();
        }
    }

    private ZoneDelta joined() {
        ZoneDelta last = pieces.getLast();
        if (pieces.size() == 1) {
            return last;
        }
        List<NameRecords> names = new ArrayList<>();
        List<Document> documents = new ArrayList<>();
        Map<String, Stamp> seen = new HashMap<>();
        List<Conflict> conflicts = new ArrayList<>();
        Set<String> settled = new HashSet<>();
        for (ZoneDelta piece : pieces) {
            names.addAll(piece.names());
            documents.addAll(piece.documents());
            seen.putAll(piece.seen());
            conflicts.addAll(piece.losses().added());
            settled.addAll(piece.losses().settled());
        }
        var losses = new ZoneDelta.Losses(conflicts, settled);
        return new ZoneDelta(last.zone(), Set.of(), last.stamp(), last.head(), names, documents, seen, losses);
    }
}
