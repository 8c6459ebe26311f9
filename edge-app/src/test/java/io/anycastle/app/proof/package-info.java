/** Proof of the cluster's promises: real nodes in containers, real kills and cuts, and a checker of what clients saw. */
@NullMarked
package io.anycastle.app.proof;

import org.jspecify.annotations.NullMarked;
