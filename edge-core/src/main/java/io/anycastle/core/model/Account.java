package io.anycastle.core.model;

import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * What belongs to no single zone: the switch that takes every zone off the proxy, and documents. It is stored under a reserved zone
 * name, so that it is journaled, replicated and merged as every zone is.
 *
 * @param dnsOnly whether proxied records of all zones answer for themselves
 */
public record Account(boolean dnsOnly, HashPMap<String, Document> documents) {
    /** The reserved name (RFC 2606 section 2). */
    public static final DomainName ZONE = DomainName.of("account.anycastle.invalid");

    public static final Account EMPTY = new Account(false, HashTreePMap.empty());

    /** What the reserved zone says. */
    public static Account of(ZoneState state) {
        return new Account(state.zone().paused(), state.documents());
    }

    /** Whether no zone may have that name. */
    public static boolean isReserved(DomainName name) {
        return name.isAtOrBelow(ZONE);
    }

    public Optional<String> document(String key) {
        return Optional.ofNullable(documents.get(key)).flatMap(Document::json);
    }
}
