package io.anycastle.core.store;

import io.anycastle.core.store.cluster.MemberPaths;

/** Stands between the cluster layer and the other members where they are not reached at the addresses that they are bound to. */
public interface MemberNetwork extends MemberPaths {}
