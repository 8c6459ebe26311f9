package io.anycastle.app.lifecycle;

import io.anycastle.app.config.HostPort;
import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.NodeView;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the list of serving nodes by asking all of them again and again how they are. A node that does not answer keeps its place for a few
 * questions, so that one slow answer moves no visitors; one that says that it drains, or that has left the cluster, loses it at once.
 */
final class NodeHealth implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeHealth.class);
    private static final String SERVING = "serving";

    private final Supplier<List<NodeView>> nodes;
    private final ServingNodes serving;
    private final int missesMax;

    /** How often each node has not answered in a row; only {@link #check} touches it. */
    private final Map<String, Integer> misses = new HashMap<>();

    private volatile boolean isClosed;

    /**
     * @param nodes asks every node; may block
     * @param missesMax unanswered questions after which a node is given up
     */
    NodeHealth(Supplier<List<NodeView>> nodes, ServingNodes serving, int missesMax) {
        this.nodes = nodes;
        this.serving = serving;
        this.missesMax = missesMax;
    }

    /** What a node tells the others about itself for this. */
    static JsonObject told(int weight, Optional<Location> location) {
        JsonObject told = new JsonObject().put("weight", weight);
        location.ifPresent(at -> told.put(
                "location", new JsonObject().put("latitude", at.latitude()).put("longitude", at.longitude())));
        return told;
    }

    /** Asks from now on, until closed. */
    void start(Duration interval) {
        Thread.ofVirtual().name("node-health").start(() -> {
            while (!isClosed) {
                try {
                    check();
                    Thread.sleep(interval);
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    LOG.error("the nodes could not be asked how they are", e);
                }
            }
        });
    }

    /** Asks every node once. */
    void check() {
        List<ServingNode> now = new ArrayList<>();
        List<NodeView> all = nodes.get();
        for (NodeView node : all) {
            standing(node).ifPresent(now::add);
        }
        misses.keySet()
                .retainAll(new HashSet<>(all.stream().map(NodeView::nodeId).toList()));
        serving.set(now);
    }

    private Optional<ServingNode> standing(NodeView node) {
        if (!node.isHere() && !node.isMember()) {
            misses.remove(node.nodeId());
            return Optional.empty();
        }
        Optional<NodeReport> report = node.report();
        if (report.isPresent()) {
            misses.remove(node.nodeId());
            return told(node.nodeId(), report.get().application());
        }
        return misses.merge(node.nodeId(), 1, Integer::sum) < missesMax ? before(node.nodeId()) : Optional.empty();
    }

    private Optional<ServingNode> before(String id) {
        return serving.get().stream().filter(node -> node.id().equals(id)).findFirst();
    }

    /** Another version may tell less, or more. */
    private static Optional<ServingNode> told(String id, String application) {
        try {
            JsonObject json = new JsonObject(application);
            List<InetAddress> addresses = addresses(json.getJsonArray("edge_addresses", new JsonArray()));
            if (!SERVING.equals(json.getString("state")) || addresses.isEmpty()) {
                return Optional.empty();
            }
            int weight = Math.clamp(json.getInteger("weight", 1), 1, ServingNode.WEIGHT_MAX);
            return Optional.of(new ServingNode(id, weight, location(json), addresses));
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            LOG.debug("node {} tells of itself what cannot be read", id, e);
            return Optional.empty();
        }
    }

    private static List<InetAddress> addresses(JsonArray texts) {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            HostPort.address(texts.getString(i)).ifPresent(addresses::add);
        }
        return addresses;
    }

    private static Optional<Location> location(JsonObject json) {
        JsonObject at = json.getJsonObject("location");
        return at == null
                ? Optional.empty()
                : Optional.of(new Location(at.getDouble("latitude"), at.getDouble("longitude")));
    }

    /** Asks no more; an answer that is under way still counts. */
    @Override
    public void close() {
        isClosed = true;
    }
}
