/** The life of a node: start in the order that answers soonest, all problems at once, and a graceful end. */
@NullMarked
package io.anycastle.app.lifecycle;

import org.jspecify.annotations.NullMarked;
