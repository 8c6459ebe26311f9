/** What an operator may set: one table of keys, read from YAML with every problem told at once. */
@NullMarked
package io.anycastle.app.config;

import org.jspecify.annotations.NullMarked;
