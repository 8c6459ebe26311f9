/** Tests of the decisions on a request's path. */
package io.anycastle.proxy.message;
