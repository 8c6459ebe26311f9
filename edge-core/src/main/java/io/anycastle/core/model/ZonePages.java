package io.anycastle.core.model;

import java.util.Map;
import java.util.Optional;

/**
 * What a zone's hosts show in the place of what they usually do: while they are down for maintenance, and for errors.
 *
 * @param replacesOrigins whether the pages for errors stand in the place of those that origins answer, too
 */
public record ZonePages(Maintenance maintenance, ErrorPages errors, boolean replacesOrigins) {
    public static final ZonePages NONE = new ZonePages(Maintenance.NONE, ErrorPages.NONE, false);

    /** Those among a zone's documents. */
    static ZonePages of(Map<String, Document> documents, boolean replacesOrigins) {
        Optional<Maintenance> maintenance = Optional.ofNullable(documents.get(Maintenance.KEY))
                .flatMap(Document::json)
                .map(Maintenance::parsed);
        ErrorPages errors = ErrorPages.of(documents);
        return maintenance.isEmpty() && errors.isEmpty()
                ? NONE
                : new ZonePages(maintenance.orElse(Maintenance.NONE), errors, replacesOrigins);
    }
}
