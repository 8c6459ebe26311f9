package io.anycastle.core.store;

import java.util.Optional;

/**
 * How the store is doing, for status pages, readiness and metrics.
 *
 * @param joined whether the cluster layer is up, so that writes are taken
 * @param members how many nodes the cluster has, 0 before it is joined
 * @param journalBytes size of the append log since its last snapshot
 * @param digest equal on nodes that hold the same
 * @param mapBacklog how many changed names the cluster maps do not hold yet
 * @param lastError the last failure to write, cleared by the next success
 */
public record StoreStatus(
        String nodeId,
        boolean joined,
        int members,
        int zones,
        long records,
        long journalBytes,
        long digest,
        int mapBacklog,
        Optional<String> lastError) {}
