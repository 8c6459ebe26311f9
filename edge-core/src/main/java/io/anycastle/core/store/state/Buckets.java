package io.anycastle.core.store.state;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Splits a zone's names by hash into buckets whose sums can be compared: a difference costs its bucket, not the zone. */
public final class Buckets {
    private static final int NAMES_EACH = 16;
    private static final int COUNT_MAX = 1 << 17;

    private Buckets() {}

    /** How many buckets a zone of that size is compared in: a power of two. */
    public static int count(int names) {
        int wanted = Math.min(COUNT_MAX, Math.max(1, names / NAMES_EACH));
        return Integer.highestOneBit(wanted);
    }

    static int of(DomainName name, int count) {
        return of(Digests.of(name), count);
    }

    private static int of(long hash, int count) {
        return (int) hash & count - 1;
    }

    public static long[] sums(ZoneImage image, int count) {
        long[] sums = new long[count];
        image.state().ifPresent(state -> {
            for (NameRecords name : state.names().values()) {
                long hash = Digests.of(name.name());
                sums[of(hash, count)] += Digests.of(hash, name.stamp());
            }
        });
        return sums;
    }

    public static BitSet differing(long[] mine, long[] theirs) {
        BitSet differing = new BitSet(mine.length);
        for (int i = 0; i < mine.length; i++) {
            differing.set(i, mine[i] != theirs[i]);
        }
        return differing;
    }

    /** Live names and tombstones of those buckets, in no order that means anything but always the same one. */
    public static List<NameRecords> names(ZoneImage image, BitSet wanted, int count) {
        List<NameRecords> names = new ArrayList<>();
        image.state()
                .ifPresent(state -> state.names().values().stream()
                        .filter(name -> wanted.get(of(name.name(), count)))
                        .forEach(names::add));
        image.tombstones().forEach((name, stamp) -> {
            if (wanted.get(of(name, count))) {
                names.add(new NameRecords(name, stamp, List.of()));
            }
        });
        return names;
    }
}
