/** Tests of what the edge answers itself. */
package io.anycastle.proxy.reply;
