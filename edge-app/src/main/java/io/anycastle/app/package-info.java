/** The program: command line, configuration, admin API, metrics and the life of a node. */
@NullMarked
package io.anycastle.app;

import org.jspecify.annotations.NullMarked;
