@NullMarked
package io.anycastle.app;

import org.jspecify.annotations.NullMarked;
