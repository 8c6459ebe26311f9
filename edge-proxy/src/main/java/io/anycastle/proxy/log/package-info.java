/**
 * The access log: one JSON line for each request, made on the event loop that served it and written by a thread of its own. What waits to
 * be written is bounded; beyond that lines are dropped and counted.
 */
@NullMarked
package io.anycastle.proxy.log;

import org.jspecify.annotations.NullMarked;
