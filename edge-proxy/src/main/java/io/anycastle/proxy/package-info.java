/** The reverse proxy: its service, its settings and its counters. */
@NullMarked
package io.anycastle.proxy;

import org.jspecify.annotations.NullMarked;
