package io.anycastle.app.cluster;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The first message on a connection between members.
 *
 * @param to the number of the node that is meant
 */
record Greeting(int version, Want want, String cluster, int to) {
    static final int VERSION = 1;

    /** What a member connects for. */
    enum Want {
        /** A connection to the other's Hazelcast. */
        MEMBER,

        /** The documents about the network, once. */
        NODES
    }

    static Greeting of(Want want, String cluster, int to) {
        return new Greeting(VERSION, want, cluster, to);
    }

    JsonObject json() {
        return new JsonObject()
                .put("v", version)
                .put("want", want.name())
                .put("cluster", cluster)
                .put("to", to);
    }

    /** Empty when the message is something else. */
    static Optional<Greeting> parse(JsonObject json) {
        try {
            return Optional.of(new Greeting(
                    json.getInteger("v"),
                    Want.valueOf(json.getString("want")),
                    json.getString("cluster"),
                    json.getInteger("to")));
        } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    /** Why the node of that name does not answer it; empty when it does. */
    Optional<String> problemFor(NodeName self) {
        if (version != VERSION) {
            return Optional.of("this node speaks version " + VERSION + " of the tunnel, the other version " + version);
        }
        if (!cluster.equals(self.cluster())) {
            return Optional.of("this node is in the cluster '" + self.cluster() + "', not in '" + cluster + "'");
        }
        return to == self.number()
                ? Optional.empty()
                : Optional.of("this is node number " + self.number() + ", not " + to);
    }
}
