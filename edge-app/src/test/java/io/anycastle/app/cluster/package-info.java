@org.jspecify.annotations.NullMarked
package io.anycastle.app.cluster;
