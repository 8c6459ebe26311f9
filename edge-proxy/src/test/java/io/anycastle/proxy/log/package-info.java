/** Tests of the access log. */
package io.anycastle.proxy.log;
