@NullMarked
package io.anycastle.app.api;

import org.jspecify.annotations.NullMarked;
