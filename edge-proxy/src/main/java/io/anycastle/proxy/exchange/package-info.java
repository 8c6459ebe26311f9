/** The path of a request, step by step, from its head to the last byte of the answer. */
@NullMarked
package io.anycastle.proxy.exchange;

import org.jspecify.annotations.NullMarked;
