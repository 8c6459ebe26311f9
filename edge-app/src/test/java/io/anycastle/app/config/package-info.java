@NullMarked
package io.anycastle.app.config;

import org.jspecify.annotations.NullMarked;
