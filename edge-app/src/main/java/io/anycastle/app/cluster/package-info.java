/** The secure member network: who belongs to the cluster, how a node joins it, and the mutual-TLS tunnel between members. */
@NullMarked
package io.anycastle.app.cluster;

import org.jspecify.annotations.NullMarked;
