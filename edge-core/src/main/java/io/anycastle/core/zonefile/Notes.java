package io.anycastle.core.zonefile;

import java.util.ArrayList;
import java.util.List;

/** Notes on a file: the first ones in full, the rest counted. */
final class Notes {
    private final String file;
    private final int max;
    private final List<ZoneFileNote> kept = new ArrayList<>();
    private int count;

    Notes(String file, int max) {
        this.file = file;
        this.max = max;
    }

    void add(int line, String said) {
        if (count++ < max) {
            kept.add(new ZoneFileNote(file, line, said));
        }
    }

    void addAll(Notes others) {
        kept.addAll(others.kept.subList(0, Math.min(others.kept.size(), Math.max(0, max - kept.size()))));
        count += others.count;
    }

    List<ZoneFileNote> kept() {
        return kept;
    }

    int count() {
        return count;
    }
}
