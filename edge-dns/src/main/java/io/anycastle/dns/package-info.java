/** Authoritative DNS of a node: its settings, its service and what it counts. */
@NullMarked
package io.anycastle.dns;

import org.jspecify.annotations.NullMarked;
