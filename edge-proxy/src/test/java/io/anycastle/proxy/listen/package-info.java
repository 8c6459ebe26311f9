/** Tests of how clients are let in. */
package io.anycastle.proxy.listen;
