@NullMarked
package io.anycastle.app.demo;

import org.jspecify.annotations.NullMarked;
