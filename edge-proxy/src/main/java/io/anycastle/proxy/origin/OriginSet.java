package io.anycastle.proxy.origin;

import io.anycastle.core.model.OriginBalance;
import java.util.List;

/**
 * The origins that a request of a name may go to.
 *
 * @param weights of the targets, in their order; 0 to 1,000
 * @param fallbacks who is asked when the others are out; none of them is a target
 */
public record OriginSet(
        List<OriginTarget> targets, List<Integer> weights, List<OriginTarget> fallbacks, OriginBalance balance) {
    public OriginSet {
        targets = List.copyOf(targets);
        weights = List.copyOf(weights);
        fallbacks = List.copyOf(fallbacks);
    }

    /** Whether there is nothing to choose. */
    boolean isAlone() {
        return targets.size() == 1 && fallbacks.isEmpty();
    }
}
