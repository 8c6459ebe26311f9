@NullMarked
package io.anycastle.app.cli;

import org.jspecify.annotations.NullMarked;
