package io.anycastle.app.api;

import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.ZoneRules;
import java.time.InstantSource;

/** What of a node its admin API stands on. */
public record AdminParts(EdgeStore store, ZoneRules rules, AdminToken token, NodeFacts facts, InstantSource clock) {}
