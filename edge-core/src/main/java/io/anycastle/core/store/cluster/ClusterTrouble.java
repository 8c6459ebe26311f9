package io.anycastle.core.store.cluster;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.spi.exception.TargetNotMemberException;

/** What kept the cluster layer from its work, in words for people: its own messages have hundreds of characters of its inner life. */
public final class ClusterTrouble {
    private static final int SHOWN_MAX = 120;

    private ClusterTrouble() {}

    /** One plain phrase of at most 120 characters. */
    public static String of(RuntimeException failure) {
        return switch (failure) {
            case HazelcastInstanceNotActiveException _ -> "this node is leaving the cluster";
            case IndeterminateOperationStateException _ -> "another node has not confirmed it";
            case OperationTimeoutException _ -> "another node did not answer in time";
            case TargetNotMemberException _ -> "another node has just left";
            default -> shortened(String.valueOf(failure.getMessage()));
        };
    }

    private static String shortened(String text) {
        return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX - 3) + "..." : text;
    }
}
