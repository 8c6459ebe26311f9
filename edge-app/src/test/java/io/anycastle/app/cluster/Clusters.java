package io.anycastle.app.cluster;

import io.anycastle.app.FreePort;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Nodes of a cluster on free ports of loopback. */
public final class Clusters {
    private Clusters() {}

    /** A node of that id, with its data in a folder of that name, that may invite and join. */
    static EdgeConfig config(Path folder, String id) {
        return TestNode.config(folder.resolve(id))
                .with(Keys.NODE_ID, Optional.of(id))
                .with(ClusterKeys.LISTEN, Optional.of(FreePort.find()))
                .with(ClusterKeys.JOINS_PER_MINUTE, 1_000_000)
                .with(ClusterKeys.ASK_INTERVAL, Duration.ofMillis(500));
    }

    /** One of the nodes at these ports, which need no invitation. */
    public static EdgeConfig plain(EdgeConfig config, List<HostPort> ports, int index) {
        return config.with(Keys.NODE_ID, Optional.of("node-" + index))
                .with(ClusterKeys.MODE, ClusterKeys.Mode.PLAIN)
                .with(ClusterKeys.PORT, ports.get(index).port())
                .with(ClusterKeys.MEMBERS, ports)
                .with(ClusterKeys.COMPARE_INTERVAL, Duration.ofSeconds(2));
    }

    /** Starts a node of that id, which may invite others. */
    static TestNode start(Path folder, String id) {
        return TestNode.start(folder.resolve(id), _ -> config(folder, id));
    }

    static String invite(TestNode node) {
        return node.post("/edge/cluster/invitations", new JsonObject()).result().getString("token");
    }

    /** The state that the node's list gives for another. */
    static String state(TestNode node, String id) {
        JsonArray nodes = new JsonObject(node.get("/edge/cluster/nodes").text()).getJsonArray("result");
        return nodes.stream()
                .map(JsonObject.class::cast)
                .filter(listed -> listed.getString("id").equals(id))
                .map(listed -> listed.getString("state"))
                .findFirst()
                .orElse("unknown");
    }
}
