/** The command line: commands that start a node, and commands that talk to a running one. */
@NullMarked
package io.anycastle.app.cli;

import org.jspecify.annotations.NullMarked;
