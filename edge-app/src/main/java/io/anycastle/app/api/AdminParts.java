package io.anycastle.app.api;

import io.anycastle.app.cluster.Membership;
import io.anycastle.core.activation.CheckRules;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.proxy.log.LogTail;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What of a node its admin API stands on.
 *
 * @param joinTokenLifetime how long invitations work that do not say
 * @param tail those who follow this node's log of requests
 * @param tailPeers the other nodes' logs
 * @param reloading reads the node's configuration again
 */
public record AdminParts(
        EdgeStore store,
        ZoneRules rules,
        CheckRules checks,
        AdminToken token,
        NodeFacts facts,
        Membership membership,
        Duration joinTokenLifetime,
        LogTail tail,
        TailPeers tailPeers,
        Reloading reloading,
        InstantSource clock) {}
