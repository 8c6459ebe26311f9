package io.anycastle.proxy.health;

import java.util.Map;

/** The other nodes of the cluster, as far as health checks go. */
public interface HealthPeers {
    /** A node that is alone. */
    HealthPeers NONE = new HealthPeers() {
        @Override
        public Map<String, byte[]> reports() {
            return Map.of();
        }

        @Override
        public boolean isServing() {
            return true;
        }
    };

    /** What {@link HealthChecks#report} of each of them returns now, by node; may block. Who does not answer is left out. */
    Map<String, byte[]> reports();

    /** Whether visitors are sent to this node. */
    boolean isServing();
}
