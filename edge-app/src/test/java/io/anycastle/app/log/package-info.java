@NullMarked
package io.anycastle.app.log;

import org.jspecify.annotations.NullMarked;
