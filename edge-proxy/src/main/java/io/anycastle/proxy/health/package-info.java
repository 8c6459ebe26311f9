/**
 * Health checks of origins: what is to be checked follows from the view, each node checks for itself, and what the majority of the nodes
 * finds takes an origin out, or lets it back. All state belongs to one thread; requests read what they need without locks.
 */
@NullMarked
package io.anycastle.proxy.health;

import org.jspecify.annotations.NullMarked;
