/** What the benchmark starts. */
package io.anycastle.proxy.bench;
