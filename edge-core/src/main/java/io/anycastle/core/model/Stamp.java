package io.anycastle.core.model;

import java.util.Comparator;

/**
 * When and where a name's records were last written: hybrid logical time, then node id. The highest stamp wins a merge.
 *
 * @param millis wall-clock part, milliseconds since 1970
 * @param counter orders writes inside one millisecond
 */
public record Stamp(long millis, int counter, String nodeId) implements Comparable<Stamp> {
    private static final Comparator<Stamp> ORDER = Comparator.comparingLong(Stamp::millis)
            .thenComparingInt(Stamp::counter)
            .thenComparing(Stamp::nodeId);

    @Override
    public int compareTo(Stamp other) {
        return ORDER.compare(this, other);
    }
}
