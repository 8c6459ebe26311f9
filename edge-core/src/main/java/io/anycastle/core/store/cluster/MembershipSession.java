package io.anycastle.core.store.cluster;

/** What there is while this node is a member: the cluster maps, the other nodes, and the way to replicate to them. */
public record MembershipSession(ClusterMaps maps, Peers peers, Replication replication) {}
