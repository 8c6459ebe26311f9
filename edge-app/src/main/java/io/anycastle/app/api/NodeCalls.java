package io.anycastle.app.api;

import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.NodeReport;
import io.anycastle.core.store.NodeView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Map;

/** {@code GET /edge/nodes}: how every node of the cluster is doing, asked at this moment. */
final class NodeCalls {
    private static final HexFormat HEX = HexFormat.of();

    private final EdgeStore store;

    NodeCalls(EdgeStore store) {
        this.store = store;
    }

    Reply list(Call call) {
        JsonArray nodes = new JsonArray();
        store.nodes().forEach(node -> nodes.add(json(node)));
        return new Reply.Result(nodes, Map.of());
    }

    private static JsonObject json(NodeView node) {
        JsonObject json = new JsonObject().put("id", node.nodeId());
        node.report().map(NodeReport::application).map(JsonObject::new).ifPresent(json::mergeIn);
        json.put("address", node.address()).put("self", node.isHere());
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
