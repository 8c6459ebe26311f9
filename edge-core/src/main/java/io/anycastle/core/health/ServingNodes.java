package io.anycastle.core.health;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The nodes that take visitors now, as this node sees it; those who answer by it are told of each change. Any thread. */
public final class ServingNodes {
    private final List<Consumer<List<ServingNode>>> followers = new ArrayList<>();
    private volatile List<ServingNode> nodes;

    /** @param first what is true until anything is known of others: this node alone */
    public ServingNodes(List<ServingNode> first) {
        nodes = List.copyOf(first);
    }

    /** The nodes now, in the order of their ids; waits for nobody. */
    public List<ServingNode> get() {
        return nodes;
    }

    /** Tells the follower what is now, and then each change, one at a time; the next waits until it returns, so it does not linger. */
    public synchronized void follow(Consumer<List<ServingNode>> follower) {
        followers.add(follower);
        follower.accept(nodes);
    }

    /**
     * Sets the nodes, in any order.
     *
     * @return whether anything changed
     */
    public synchronized boolean set(List<ServingNode> next) {
        List<ServingNode> sorted = next.stream()
                .sorted(java.util.Comparator.comparing(ServingNode::id))
                .toList();
        if (sorted.equals(nodes)) {
            return false;
        }
        nodes = sorted;
        followers.forEach(follower -> follower.accept(sorted));
        return true;
    }
}
