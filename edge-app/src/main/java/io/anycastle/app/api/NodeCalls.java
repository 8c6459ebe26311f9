package io.anycastle.app.api;

import io.anycastle.app.cluster.ListedNode;
import io.anycastle.app.cluster.Membership;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.NodeView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /edge/nodes}: how every node of the cluster is doing, asked at this moment. Those that are registered and have not been seen
 * since this node started are shown as well, with the address under which they are registered; a removed one that is gone is not.
 */
final class NodeCalls {
    private static final HexFormat HEX = HexFormat.of();

    private final EdgeStore store;
    private final Membership membership;

    NodeCalls(EdgeStore store, Membership membership) {
        this.store = store;
        this.membership = membership;
    }

    ApiReply list(Call call) {
        Map<String, ListedNode> registered = new LinkedHashMap<>();
        membership.list().forEach(node -> registered.put(node.id(), node));
        JsonArray nodes = new JsonArray();
        for (NodeView node : store.nodes()) {
            Optional<ListedNode> listed = Optional.ofNullable(registered.remove(node.nodeId()));
            if (node.isMember()
                    || node.isHere()
                    || !listed.map(ListedNode::isRemoved).orElse(false)) {
                nodes.add(json(node, listed.map(ListedNode::address).orElse(node.address())));
            }
        }
        registered.values().stream().filter(node -> !node.isRemoved()).forEach(node -> nodes.add(unseen(node)));
        return new ApiReply.Result(nodes, Map.of());
    }

    private static JsonObject unseen(ListedNode node) {
        return new JsonObject()
                .put("id", node.id())
                .put("address", node.address())
                .put("self", false)
                .put("state", "cut_off");
    }

    private static JsonObject json(NodeView node, String address) {
        JsonObject json = new JsonObject().put("id", node.nodeId());
        node.report().map(NodeReport::application).map(JsonObject::new).ifPresent(json::mergeIn);
        json.put("address", address).put("self", node.isHere());
        if (!node.isHere() && (!node.isMember() || node.report().isEmpty())) {
            json.put("state", "cut_off");
        }
        node.report()
                .ifPresent(report -> json.put("store_digest", HEX.toHexDigits(report.digest()))
                        .put("change_lag_ms", report.lagMs())
                        .put("last_change_disks", report.lastDisks())
                        .put("clock_correction_ms", report.correctionMs()));
        return json;
    }
}
