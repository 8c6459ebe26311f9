/** Tests of where requests may go. */
package io.anycastle.proxy.wire;
