@NullMarked
package io.anycastle.core.geo;

import org.jspecify.annotations.NullMarked;
