package io.anycastle.proxy.reply;

import java.time.Instant;

/**
 * What an error page says.
 *
 * @param detail one more sentence on this very case, or empty
 * @param retryAfterSeconds when a client may try again; 0 when that alone helps nothing
 * @param ray names the request in the logs
 * @param zone the site's zone, or empty when the host belongs to none
 * @param host what the client asked for, or empty; may hold anything
 */
public record ErrorFacts(
        EdgeError error, String detail, int retryAfterSeconds, String ray, String zone, String host, Instant time) {
    /** One that is over when such errors usually are. */
    public ErrorFacts(EdgeError error, String detail, String ray, String zone, String host, Instant time) {
        this(error, detail, error.retryAfterSeconds(), ray, zone, host, time);
    }
}
