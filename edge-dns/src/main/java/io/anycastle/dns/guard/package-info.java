/** What protects the service and third parties from floods, around the pure answering: limits, cookies, and the signs of an attack. */
@NullMarked
package io.anycastle.dns.guard;

import org.jspecify.annotations.NullMarked;
