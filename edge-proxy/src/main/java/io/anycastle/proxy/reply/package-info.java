/** What the edge itself answers: error pages and its own few paths. */
@NullMarked
package io.anycastle.proxy.reply;

import org.jspecify.annotations.NullMarked;
