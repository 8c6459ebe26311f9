/** The node's counters in the Prometheus format. */
@NullMarked
package io.anycastle.app.metrics;

import org.jspecify.annotations.NullMarked;
