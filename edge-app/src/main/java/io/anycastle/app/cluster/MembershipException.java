package io.anycastle.app.cluster;

import io.anycastle.core.failure.OperatorException;
import java.util.List;

/** What an operator asked of the cluster is not possible; one plain sentence says why. */
public final class MembershipException extends OperatorException {
    private static final long serialVersionUID = 1L;

    MembershipException(String sentence) {
        super(List.of(sentence));
    }
}
