package io.anycastle.core.store;

/** Stands between the cluster layer and the other members where they are not reached at the addresses that they are bound to. */
public interface MemberNetwork extends MemberPaths {}
