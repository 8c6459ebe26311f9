package io.anycastle.core.store.state;

import java.util.ArrayList;
import java.util.List;

/** Puts the pieces of a snapshot together: a zone's pieces follow each other, and the zone is built in one pass. */
public final class PieceCollector {
    private final List<ZoneDelta> pieces = new ArrayList<>();
    private StoreImage image = StoreImage.EMPTY;

    public void take(ZoneDelta piece) {
        if (!pieces.isEmpty() && !pieces.getFirst().zone().equals(piece.zone())) {
            build();
        }
        pieces.add(piece);
    }

    /** Everything that was taken. */
    public StoreImage image() {
        build();
        return image;
    }

    private void build() {
        if (!pieces.isEmpty()) {
            image = image.with(ZoneDelta.joined(pieces));
            pieces.clear();
        }
    }
}
