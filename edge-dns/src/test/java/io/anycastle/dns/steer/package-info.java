@NullMarked
package io.anycastle.dns.steer;

import org.jspecify.annotations.NullMarked;
