package io.anycastle.core.store.journal;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The deltas of logs, put together zone by zone, so that a start builds each zone once however many changes its logs hold: one after the
 * other, every large one would build all of it again.
 */
final class LogReplay {
    private final Map<DomainName, ZoneFold> zones = new LinkedHashMap<>();

    /** Takes the zone's next delta. One that was carried from a log into the next is met twice and counts once. */
    void take(long sequence, ZoneDelta delta) {
        zones.computeIfAbsent(delta.zone(), z -> new ZoneFold()).take(sequence, delta);
    }

    /** The delta of that sequence never happened; it is the last that its zone had. */
    void abort(long sequence) {
        zones.values().forEach(zone -> zone.abort(sequence));
    }

    /** The image after everything that was taken. */
    StoreImage onto(StoreImage image) {
        StoreImage after = image;
        for (ZoneFold zone : zones.values()) {
            for (ZoneDelta delta : zone.deltas()) {
                after = after.with(delta);
            }
        }
        return after;
    }

    /** One zone's: the last delta, which may yet be aborted, and those before it. */
    private static final class ZoneFold {
        private final List<ZoneDelta> done = new ArrayList<>();
        private List<ZoneDelta> run = new ArrayList<>();
        private @Nullable ZoneDelta last;
        private long lastSequence;

        void take(long sequence, ZoneDelta delta) {
            if (last != null && lastSequence == sequence) {
                return;
            }
            settle();
            last = delta;
            lastSequence = sequence;
        }

        void abort(long sequence) {
            if (last != null && lastSequence == sequence) {
                last = null;
            }
        }

        private void settle() {
            if (last == null) {
                return;
            }
            run.add(last);
            if (last.head().isEmpty()) { // the zone is gone, with all that was said of it
                end();
            }
            last = null;
        }

        private void end() {
            if (!run.isEmpty()) {
                done.add(run.getLast().head().isEmpty() ? goneAfter(run) : ZoneDelta.joined(run));
                run = new ArrayList<>();
            }
        }

        List<ZoneDelta> deltas() {
            settle();
            end();
            return done;
        }

        /** A zone's end forgets its names, but not its history. */
        private static ZoneDelta goneAfter(List<ZoneDelta> run) {
            return ZoneDelta.joined(run).withNames(List.of());
        }
    }
}
