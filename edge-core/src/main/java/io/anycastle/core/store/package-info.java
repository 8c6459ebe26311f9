/**
 * Where change sets are sequenced, made durable and told to every node.
 *
 * <p><b>The life of a change.</b> {@link io.anycastle.core.store.EdgeStore#apply} plans it on the zone's present state, appends it to the
 * node's own journal and waits for the disk, sets the zone's head in the cluster by compare-and-set, shows the zone's next state in the
 * view, and sends the delta to all other nodes. Each of them that holds the state which the delta leads on from appends it, waits for its
 * disk, shows it and answers. With enough disks the change is acknowledged; then its names are put into the cluster map. Journal first,
 * then visible, on every node.
 *
 * <p><b>The rooms</b> are in the order of that life; each uses those below it alone. This package is the face that other modules see, with
 * {@code change} and the values of {@code state}. {@code backup}: the store to one file and back. {@code duties}: what the oldest member
 * does for all. {@code clients}: what Hazelcast clients write, judged. {@code merge}: nodes that went apart become one again. {@code write}:
 * a change set's way. {@code cluster}: Hazelcast and the calls between nodes. {@code journal}: the node's own disk. {@code plan}: a change
 * set on a state gives the next state or all mistakes. {@code state}: what a zone is and was. {@code change}: the words of a change.
 *
 * <p><b>Nodes that went apart.</b> A state carries a version vector of all changes that led to it. The oldest member compares all nodes when
 * one joins, when parts of the cluster meet again, and every so often: digests of zones, then sums of names in buckets, then the names that
 * differ. A node whose history is part of another's pulls what is newer; two histories of which neither is part of the other are merged,
 * name by name, the highest stamp first, and what lost is listed. Switches for a bad day (a zone paused, everything DNS only) are applied on
 * the node alone and reach the others this way or by compare-and-set.
 *
 * <p><b>The cluster maps</b> are a promise to users; keys are strings, values are JSON ({@code HazelcastJsonValue}):
 *
 * <ul>
 *   <li>{@code anycastle.zones}: key {@code example.com}; value <code>{"f":1, "stamp":"millis.counter.node", "id":"...",
 *       "name":"example.com", "type":"full", "status":"active", "paused":false, "version":7, "serial":1767225600,
 *       "name_servers":["ns1.example.net"], "created_on":"2026-01-01T00:00:00Z", "modified_on":"...", "activated_on":"..."}</code>. A
 *       deleted zone is <code>{"f":1, "stamp":"...", "name":"example.com", "deleted":true}</code>. The key {@code
 *       account.anycastle.invalid} is the account's own head; its {@code paused} takes every zone off the proxy.
 *   <li>{@code anycastle.records}: key {@code example.com/www.example.com}, zone and name, for the zone's own name {@code
 *       example.com/example.com}; value <code>{"f":1, "stamp":"...", "records":[{"id":"...", "type":"A", "content":"192.0.2.1",
 *       "ttl":1, "proxied":true, "created_on":"...", "modified_on":"...", "rdata":"base64"}]}</code>, with {@code priority}, {@code
 *       settings}, {@code comment} and {@code tags} where a record has them, and what is said of how its origin is asked ({@code
 *       origin_port} and so on, by {@link io.anycastle.core.model.OriginKey}), which stays where a value does not name it and which null
 *       takes away. A name whose records were deleted keeps a value with no
 *       records for the tombstone lifetime.
 * </ul>
 *
 * <p>A Hazelcast client, where the operator lets any connect, may put or remove names and heads. It needs to write no more than
 * <code>{"records":[{"type":"A", "content":"192.0.2.1", "proxied":true, "ttl":300}]}</code> or <code>{"paused":true}</code>; ids, times,
 * versions and rdata are not its to choose and are ignored. Who reads a value, changes it and puts it again should leave its stamp: when
 * the name has changed meanwhile the write is refused instead of undoing that change. The oldest node judges. What it writes replaces the name's records, passes the same checks
 * as any other change, and is then put in its full form; what breaks a rule is put back as it was and logged with the reason. Emptying a
 * whole map is always put back.
 */
@NullMarked
package io.anycastle.core.store;

import org.jspecify.annotations.NullMarked;
