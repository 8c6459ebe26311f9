package io.anycastle.proxy.reply;

import java.time.Instant;

/**
 * What an error page says.
 *
 * @param detail one more sentence on this very case, or empty
 * @param ray names the request in the logs
 * @param zone the site's zone, or empty when the host belongs to none
 * @param host what the client asked for, or empty; may hold anything
 */
public record ErrorFacts(EdgeError error, String detail, String ray, String zone, String host, Instant time) {}
