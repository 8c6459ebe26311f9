package io.anycastle.core.health;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A node that takes visitors.
 *
 * @param weight its share beside the others', 1 to 1000
 * @param location empty when it was not told; such a node is farther than every other
 * @param addresses its own edge addresses, of both families
 */
public record ServingNode(String id, int weight, Optional<Location> location, List<InetAddress> addresses) {
    public static final int WEIGHT_MAX = 1000;

    public ServingNode {
        addresses = List.copyOf(addresses);
        if (weight < 1 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException("a weight is 1 to " + WEIGHT_MAX + ": " + weight);
        }
    }
}
