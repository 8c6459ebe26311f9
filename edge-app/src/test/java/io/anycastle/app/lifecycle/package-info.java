@NullMarked
package io.anycastle.app.lifecycle;

import org.jspecify.annotations.NullMarked;
