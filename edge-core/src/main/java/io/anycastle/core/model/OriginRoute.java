package io.anycastle.core.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the requests of a path, and of all below it, go.
 *
 * @param path begins with a slash and ends with none, but for the root
 * @param origin an IP address, or a host name without final dot
 * @param port 1 to 65535; empty is the record's
 * @param scheme empty is the record's
 */
public record OriginRoute(String path, String origin, OptionalInt port, Optional<OriginScheme> scheme) {
    /** The path that holds every other. */
    public static final String ROOT = "/";

    /** Whether the request's path, as sent and without its query, is the route's or below it: compared by whole segments. */
    public boolean holds(String requestPath) {
        return path.equals(ROOT)
                || (requestPath.startsWith(path)
                        && (requestPath.length() == path.length() || requestPath.charAt(path.length()) == '/'));
    }
}
