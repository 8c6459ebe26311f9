/** A node with a small site on it, to try things out. */
@NullMarked
package io.anycastle.app.demo;

import org.jspecify.annotations.NullMarked;
