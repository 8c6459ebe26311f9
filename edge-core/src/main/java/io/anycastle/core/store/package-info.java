/** Where change sets are sequenced, made durable and told to every node. */
@NullMarked
package io.anycastle.core.store;

import org.jspecify.annotations.NullMarked;
