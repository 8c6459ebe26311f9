/** Tests of health checks. */
package io.anycastle.proxy.health;
