/**
 * The store to one file and back. Comes in: the image of one moment, or a file. Goes out: the file, or its zones one by one with what of them
 * can stand here. Blocks as its streams do; holds no lock.
 */
@NullMarked
package io.anycastle.core.store.backup;

import org.jspecify.annotations.NullMarked;
