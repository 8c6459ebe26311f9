package io.anycastle.proxy.origin;

import io.anycastle.core.model.OriginBalance;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The origins that a request of a name may go to.
 *
 * @param weights of the targets, in their order; 0 to 1,000
 * @param checks of the targets, in their order; empty for one that is not checked
 * @param fallbacks who is asked when the others are out; none of them is a target
 */
public record OriginSet(
        List<OriginTarget> targets,
        List<Integer> weights,
        List<Optional<OriginCheck>> checks,
        List<OriginTarget> fallbacks,
        OriginBalance balance) {
    public OriginSet {
        checks = List.copyOf(checks);
        targets = List.copyOf(targets);
        weights = List.copyOf(weights);
        fallbacks = List.copyOf(fallbacks);
    }

    /** Origins that are not checked. */
    public OriginSet(
            List<OriginTarget> targets, List<Integer> weights, List<OriginTarget> fallbacks, OriginBalance balance) {
        this(targets, weights, Collections.nCopies(targets.size(), Optional.empty()), fallbacks, balance);
    }

    /** Whether there is nothing to choose. */
    boolean isAlone() {
        return targets.size() == 1 && fallbacks.isEmpty();
    }
}
