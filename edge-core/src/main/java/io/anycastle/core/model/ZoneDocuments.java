package io.anycastle.core.model;

import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * A zone's documents, and the settings in them. Each setting is read once, by whoever wants it first, and lasts as long as no document
 * changes. Immutable to who uses it; any thread.
 */
final class ZoneDocuments {
    static final ZoneDocuments NONE = new ZoneDocuments(HashTreePMap.empty());

    private final HashPMap<String, Document> live;

    /** Whoever comes first writes these, and all would write the same. */
    private volatile @Nullable DnsSettings dns;

    private volatile @Nullable ProxySettings proxy;
    private volatile @Nullable ZonePages pages;

    private ZoneDocuments(HashPMap<String, Document> live) {
        this.live = live;
    }

    /** Live ones only, by key. */
    HashPMap<String, Document> live() {
        return live;
    }

    /** Those with that one in its place; a tombstone removes it. */
    ZoneDocuments with(Document changed) {
        return new ZoneDocuments(changed.isTombstone() ? live.minus(changed.key()) : live.plus(changed.key(), changed));
    }

    DnsSettings dns() {
        DnsSettings known = dns;
        if (known == null) {
            known = DnsSettings.of(live);
            dns = known;
        }
        return known;
    }

    ProxySettings proxy() {
        ProxySettings known = proxy;
        if (known == null) {
            known = ProxySettings.of(live);
            proxy = known;
        }
        return known;
    }

    ZonePages pages() {
        ZonePages known = pages;
        if (known == null) {
            known = ZonePages.of(live, !proxy().passesOriginErrors());
            pages = known;
        }
        return known;
    }
}
