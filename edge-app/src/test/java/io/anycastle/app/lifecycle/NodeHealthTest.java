package io.anycastle.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.NodeView;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who counts as serving, from what the nodes say and from their silence. */
class NodeHealthTest {
    private static final String SERVING = """
            {"state": "serving", "edge_addresses": ["192.0.2.1", "[2001:db8::1]"], "weight": 7,
             "location": {"latitude": 52.5, "longitude": 13.4}}""";

    private final List<NodeView> views = new ArrayList<>();
    private final ServingNodes serving = new ServingNodes(List.of());
    private final NodeHealth health = new NodeHealth(() -> List.copyOf(views), serving, 3);

    private void see(String id, boolean isMember, String application) {
        views.removeIf(view -> view.nodeId().equals(id));
        Optional<NodeReport> report =
                application.isEmpty() ? Optional.empty() : Optional.of(new NodeReport(id, 1, 0, 1, 0, 0, application));
        views.add(new NodeView(id, "127.0.0.1:7310", false, isMember, report));
        health.check();
    }

    private List<String> ids() {
        return serving.get().stream().map(ServingNode::id).toList();
    }

    @Test
    void a_serving_node_brings_its_addresses_weight_and_location() {
        see("berlin", true, SERVING);
        assertThat(serving.get())
                .containsExactly(new ServingNode(
                        "berlin",
                        7,
                        Optional.of(new Location(52.5, 13.4)),
                        List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"))));
    }

    @Test
    void a_node_of_an_older_version_that_tells_no_weight_counts_once() {
        see("berlin", true, "{\"state\": \"serving\", \"edge_addresses\": [\"192.0.2.1\"]}");
        assertThat(serving.get()).extracting(ServingNode::weight).containsExactly(1);
        assertThat(serving.get()).extracting(ServingNode::location).containsExactly(Optional.empty());
    }

    @Test
    void a_silent_node_keeps_its_place_until_the_last_miss_and_one_answer_forgives() {
        see("berlin", true, SERVING);
        see("berlin", true, "");
        see("berlin", true, "");
        assertThat(ids()).containsExactly("berlin");
        see("berlin", true, SERVING);
        see("berlin", true, "");
        see("berlin", true, "");
        assertThat(ids()).containsExactly("berlin");
        see("berlin", true, "");
        assertThat(ids()).isEmpty();
        see("berlin", true, SERVING);
        assertThat(ids()).containsExactly("berlin");
    }

    @Test
    void a_node_that_drains_or_has_left_loses_its_place_at_once() {
        see("berlin", true, SERVING);
        see("paris", true, SERVING);
        see("berlin", true, SERVING.replace("serving", "draining"));
        assertThat(ids()).containsExactly("paris");
        see("paris", false, "");
        assertThat(ids()).isEmpty();
    }

    @Test
    void a_node_that_tells_nonsense_is_not_answered() {
        for (String nonsense : List.of(
                "no json",
                "{\"state\": \"serving\", \"edge_addresses\": []}",
                "{\"state\": \"serving\", \"edge_addresses\": [\"example.com\"]}",
                "{\"state\": 7, \"edge_addresses\": [\"192.0.2.1\"]}",
                SERVING.replace("52.5", "152.5"),
                SERVING.replace("13.4", "\"east\""))) {
            see("berlin", true, nonsense);
            assertThat(ids()).as(nonsense).isEmpty();
        }
    }
}
