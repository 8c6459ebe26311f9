/**
 * Hazelcast and the calls between nodes: membership, the cluster maps with their form, one executor for what nodes ask each other, and the way
 * of a delta to all others. Comes in: deltas to send, values to put, requests. Goes out: answers, and events of members and maps to the
 * handlers that the rooms above give. Only this room knows Hazelcast's settings; it knows nothing of who decides.
 */
@NullMarked
package io.anycastle.core.store.cluster;

import org.jspecify.annotations.NullMarked;
