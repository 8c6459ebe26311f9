/**
 * What Hazelcast clients write into the cluster maps, judged by the oldest member. Comes in: events of the maps. Goes out: change sets for what
 * stands, the truth put back for what does not. One thread judges; the maps are never taken for the truth.
 */
@NullMarked
package io.anycastle.core.store.clients;

import org.jspecify.annotations.NullMarked;
