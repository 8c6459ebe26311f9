package io.anycastle.core.store.state;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;

/** Hashes that are the same on every node and version; they find differences, they do not guard against malice. */
public final class Digests {
    private Digests() {}

    /** 0 for a tombstone, so that live names alone count. */
    static long of(NameRecords name) {
        return name.isTombstone() ? 0 : of(of(name.name()), name.stamp());
    }

    /** 0 for a tombstone. */
    static long of(Document document) {
        return document.isTombstone() ? 0 : of(~text(document.key()), document.stamp());
    }

    static long of(DomainName name) {
        return text(name.toString());
    }

    /** The zone's whole state: what it holds, and at which point of its history it is. */
    public static long of(DomainName zone, ZoneImage image) {
        return of(of(zone) + image.digest(), image.stamp()) + (image.state().isPresent() ? 1 : 0);
    }

    /** The whole store, in no order. */
    public static long of(StoreImage store) {
        long sum = 0;
        for (var zone : store.zones().entrySet()) {
            sum += of(zone.getKey(), zone.getValue());
        }
        return sum;
    }

    /** The same as {@link #of(NameRecords)} of a live name whose own hash is at hand. */
    static long of(long key, Stamp stamp) {
        return mix(key ^ mix(stamp.millis() * 31 + stamp.counter()) ^ text(stamp.nodeId()));
    }

    /** FNV-1a over the characters, then mixed. */
    private static long text(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
