package io.anycastle.core.store.change;

import io.anycastle.core.model.DomainName;
import java.util.List;
import java.util.OptionalLong;

/**
 * One or many edits of one zone, applied in their order, all or none.
 *
 * @param expectedVersion the zone version the writer saw; when given, a lost race is an outcome instead of a retry
 */
public record ChangeSet(DomainName zone, OptionalLong expectedVersion, List<Edit> edits) {
    public ChangeSet {
        edits = List.copyOf(edits);
    }

    public static ChangeSet of(DomainName zone, Edit... edits) {
        return new ChangeSet(zone, OptionalLong.empty(), List.of(edits));
    }

    /** Whether it only pauses or unpauses: what an operator must be able to do on a node that is cut off. */
    public boolean isBreakGlass() {
        return !edits.isEmpty()
                && edits.stream()
                        .allMatch(edit -> edit instanceof Edit.ChangeZone change
                                && change.paused().isPresent()
                                && change.status().isEmpty()
                                && change.type().isEmpty());
    }
}
