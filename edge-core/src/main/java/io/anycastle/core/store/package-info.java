/**
 * Where change sets are sequenced, made durable and told to every node.
 *
 * <p><b>The life of a change.</b> {@link io.anycastle.core.store.EdgeStore#apply} plans it on the zone's present state, appends it to the
 * node's own journal and waits for the disk, sets the zone's head in the cluster by compare-and-set, puts the changed names, and shows
 * the zone's next state in the view. Journal first, then visible.
 *
 * <p><b>The cluster maps</b> are a promise to users; keys are strings, values are JSON ({@code HazelcastJsonValue}):
 *
 * <ul>
 *   <li>{@code anycastle.zones}: key {@code example.com}; value <code>{"f":1, "stamp":"millis.counter.node", "id":"...",
 *       "name":"example.com", "type":"full", "status":"active", "paused":false, "version":7, "serial":1767225600,
 *       "name_servers":["ns1.example.net"], "created_on":"2026-01-01T00:00:00Z", "modified_on":"...", "activated_on":"..."}</code>. A
 *       deleted zone is <code>{"f":1, "stamp":"...", "name":"example.com", "deleted":true}</code>.
 *   <li>{@code anycastle.records}: key {@code example.com/www.example.com}, zone and name, for the zone's own name {@code
 *       example.com/example.com}; value <code>{"f":1, "stamp":"...", "records":[{"id":"...", "type":"A", "content":"192.0.2.1",
 *       "ttl":1, "proxied":true, "created_on":"...", "modified_on":"...", "rdata":"base64"}]}</code>, with {@code priority}, {@code
 *       settings}, {@code comment} and {@code tags} where a record has them. A name whose records were deleted keeps a value with no
 *       records for the tombstone lifetime.
 * </ul>
 *
 * <p>A Hazelcast client, where the operator lets any connect, may put or remove names and heads. It needs to write no more than
 * <code>{"records":[{"type":"A", "content":"192.0.2.1", "proxied":true, "ttl":300}]}</code> or <code>{"paused":true}</code>; ids, times,
 * stamps, versions and rdata are not its to choose and are ignored. What it writes replaces the name's records, passes the same checks
 * as any other change, and is then put in its full form; what breaks a rule is put back as it was and logged with the reason. Emptying a
 * whole map is always put back.
 */
@NullMarked
package io.anycastle.core.store;

import org.jspecify.annotations.NullMarked;
