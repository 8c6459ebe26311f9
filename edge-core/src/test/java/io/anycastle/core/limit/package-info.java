@NullMarked
package io.anycastle.core.limit;

import org.jspecify.annotations.NullMarked;
