/**
 * HTTP messages without a wire, and the two ports by which wires carry them: {@link io.anycastle.proxy.message.ClientStream} on the
 * client's side, {@link io.anycastle.proxy.message.OriginStream} on the origin's. Heads are octets with offsets: what passes is copied by
 * slices, what is looked at is looked up where it stands.
 */
@NullMarked
package io.anycastle.proxy.message;

import org.jspecify.annotations.NullMarked;
