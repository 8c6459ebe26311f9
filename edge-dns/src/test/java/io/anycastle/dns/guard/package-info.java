@NullMarked
package io.anycastle.dns.guard;

import org.jspecify.annotations.NullMarked;
