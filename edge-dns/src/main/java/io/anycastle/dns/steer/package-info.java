/** Which of the edge's addresses a client gets. */
@NullMarked
package io.anycastle.dns.steer;

import org.jspecify.annotations.NullMarked;
