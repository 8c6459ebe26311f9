package io.anycastle.app.lifecycle;

import io.anycastle.app.config.AccessLogKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Http3Keys;
import io.anycastle.app.config.Key;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ProxyKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a configuration that was read again.
 *
 * @param next what holds from now on
 * @param changed keys whose new values it has
 * @param waiting keys whose new values take a restart
 */
record Reload(EdgeConfig next, List<String> changed, List<String> waiting) {
    /** The parts of the configuration that are followed at once. */
    private static final Set<String> FOLLOWED =
            Set.of("http", "https", "proxy", "limits", "origin", "health", "compression", "access-log", "geoip");

    private static final Set<Key<?>> FOLLOWED_TOO = Set.of(Keys.DRAIN_TIME, Keys.STOP_TIMEOUT, Keys.LOG_LEVEL);

    /** Those of the followed parts that sockets, threads and buffers were made by. */
    private static final Set<Key<?>> NOT_FOLLOWED = Set.of(
            ProxyKeys.THREADS,
            ProxyKeys.WARM_UP,
            ProxyKeys.ORIGIN_TLS,
            ProxyKeys.SITE_PAGE_MAX,
            ProxyKeys.MAINTENANCE_RETRY_AFTER,
            AccessLogKeys.TAIL_READERS,
            AccessLogKeys.TAIL_LINES,
            AccessLogKeys.TAIL_BUFFER,
            Http3Keys.STREAMS,
            Http3Keys.STREAM_WINDOW,
            Http3Keys.CONNECTION_WINDOW,
            Http3Keys.PAYLOAD,
            Http3Keys.SOCKET_BUFFER);

    /**
     * @param now what holds
     * @param read what the file says
     */
    static Reload of(EdgeConfig now, EdgeConfig read) {
        EdgeConfig next = now;
        List<String> changed = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (Key<?> key : now.differences(read)) {
            if (isFollowed(key)) {
                next = next.taking(key, read);
                changed.add(key.path());
            } else {
                waiting.add(key.path());
            }
        }
        boolean isNewEdge = !next.edgeAddresses().equals(now.edgeAddresses());
        if (isNewEdge && !waiting.contains(Keys.EDGE_ADDRESSES.path())) {
            waiting.add(Keys.EDGE_ADDRESSES.path()); // DNS answers what it was started with
        }
        return new Reload(next, List.copyOf(changed), List.copyOf(waiting));
    }

    private static boolean isFollowed(Key<?> key) {
        String path = key.path();
        int dot = path.indexOf('.');
        String part = dot < 0 ? path : path.substring(0, dot);
        return (FOLLOWED.contains(part) && !NOT_FOLLOWED.contains(key)) || FOLLOWED_TOO.contains(key);
    }
}
