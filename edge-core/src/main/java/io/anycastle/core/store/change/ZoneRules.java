package io.anycastle.core.store.change;

import io.anycastle.core.model.DomainName;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The node's settings that decide what a zone may hold.
 *
 * @param edgeAddresses refused as record content, but of the name servers
 * @param nameServers what a new zone takes when its maker names none
 * @param activateImmediately whether a new full zone is active at once ({@code zones.activation: immediate})
 * @param ttlSecondsMin lowest TTL beside automatic
 * @param ttlSecondsMax highest TTL
 * @param partialSuffix below which the edge answers for the hosts of partial zones, so that no zone may be there
 */
public record ZoneRules(
        Set<InetAddress> edgeAddresses,
        List<DomainName> nameServers,
        boolean activateImmediately,
        int ttlSecondsMin,
        int ttlSecondsMax,
        Optional<DomainName> partialSuffix) {
    public ZoneRules {
        edgeAddresses = Set.copyOf(edgeAddresses);
        nameServers = List.copyOf(nameServers);
    }

    public ZoneRules(
            Set<InetAddress> edgeAddresses,
            List<DomainName> nameServers,
            boolean activateImmediately,
            int ttlSecondsMin,
            int ttlSecondsMax) {
        this(edgeAddresses, nameServers, activateImmediately, ttlSecondsMin, ttlSecondsMax, Optional.empty());
    }
}
