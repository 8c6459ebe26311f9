/** What {@code src/bench/run.sh} starts: the service alone, on a generated zone. */
@NullMarked
package io.anycastle.dns.bench;

import org.jspecify.annotations.NullMarked;
