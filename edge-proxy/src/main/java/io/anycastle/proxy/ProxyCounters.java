package io.anycastle.proxy;

import io.anycastle.proxy.log.AccessLogWriter;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.reply.EdgeError;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the proxy counts since its start. Any thread. */
public final class ProxyCounters {
    /** Events that are counted. */
    public enum Event {
        REQUESTS,
        /** Heads that broke the grammar or a limit. */
        REQUESTS_MALFORMED,
        /** Of client networks that sent more of them than they may. */
        REQUESTS_LIMITED,
        /** Of client networks whose heads together were longer than they may be. */
        HEADS_LIMITED,
        BYTES_FROM_CLIENTS,
        BYTES_TO_CLIENTS,
        CONNECTIONS,
        /** Over a limit, closed without a word. */
        CONNECTIONS_REFUSED,
        /** TLS handshakes with clients that were completed by version 1.2, and by 1.3, over TCP and QUIC. */
        TLS_HANDSHAKES_12,
        TLS_HANDSHAKES_13,
        /** Of these, those over TCP that went on from an earlier session, as far as BoringSSL did them. */
        TLS_RESUMED,
        /** Connections over TCP and QUIC that ended before their handshake was complete. */
        TLS_HANDSHAKES_FAILED,
        /** Connections of HTTP/2 that were ended for what they flooded the edge with. */
        HTTP2_FLOODS,
        /** Connections of clients that speak HTTP/3, of all. */
        HTTP3_CONNECTIONS,
        /** Of these, those that were ended for what they flooded the edge with. */
        HTTP3_FLOODS,
        /** Clients that had to prove their address before their handshake, since many were under way. */
        QUIC_RETRIES,
        CLIENT_ABORTS,
        /** Answers cut off because the origin, or the client's slowness, left no other way. */
        ANSWERS_TRUNCATED,
        /** Answers that the edge compressed. */
        COMPRESSED,
        /** Answers taken out of a coding that their clients do not know. */
        DECOMPRESSED,
        /** Answers that went as they were, since as many were being compressed as may be. */
        COMPRESSIONS_OMITTED,
        /** Answers cut off because their bodies were not what their coding says, or grew beyond the limit. */
        MISCODED,
        ORIGIN_REQUESTS,
        ORIGIN_CONNECT_FAILURES,
        /** Requests that went on to another address of the origin. */
        ORIGIN_FAILOVERS,
        /** Requests that would have, but for the retry budget. */
        ORIGIN_RETRIES_DENIED,
        /** Origins that were taken out for what their requests met. */
        ORIGIN_EJECTIONS,
        /** Origins that are asked again after that. */
        ORIGIN_RETURNS,
        /** Tries of health checks. */
        HEALTH_CHECKS,
        /** Of these, those that failed. */
        HEALTH_CHECKS_FAILED,
        /** Origins that were not checked, since as many were as may be. */
        HEALTH_CHECKS_OMITTED,
        /** Origins that most nodes found down. */
        HEALTH_ORIGINS_OUT,
        /** Origins that they did not find so any more. */
        HEALTH_ORIGINS_BACK,
        /** Requests that went to a fallback origin. */
        ORIGIN_FALLBACKS,
        /** Origins that no other thread knew of, since as many were known as may be. */
        ORIGINS_UNSHARED,
        /** Requests sent again because a kept connection turned out dead. */
        ORIGIN_RETRIES,
        /** Requests sent again because the origin had refused them unprocessed. */
        ORIGIN_REFUSALS,
        /** Connections to origins that speak HTTP/2. */
        ORIGIN_HTTP2_CONNECTIONS,
        /** Of these, those that were ended for what the origin flooded the edge with. */
        ORIGIN_HTTP2_FLOODS,
        /** Answers that broke the grammar or a limit. */
        ORIGIN_ANSWERS_MALFORMED,
        /** Client connections that got an origin connection to themselves, since a login belongs to it. */
        ORIGIN_LOGINS,
        TUNNELS,
        /** Answers with a page of a zone's own in the place of an error's. */
        SITE_PAGES
    }

    private static final int CLASSES = 6;

    private final Map<Event, LongAdder> events = adders(Event.class);
    private final List<LongAdder> statusClasses =
            Stream.generate(LongAdder::new).limit(CLASSES).toList();
    private final Map<EdgeError, LongAdder> errors = adders(EdgeError.class);
    private final IntSupplier connectionsOpen;
    private volatile LongSupplier logLinesDropped = () -> 0;
    private volatile Supplier<Map<String, Long>> tail = Map::of;

    public ProxyCounters(IntSupplier connectionsOpen) {
        this.connectionsOpen = connectionsOpen;
    }

    public void count(Event event) {
        adder(events, event).increment();
    }

    public void add(Event event, long amount) {
        adder(events, event).add(amount);
    }

    public void countAnswer(int status) {
        statusClasses.get(Math.clamp(status / 100, 0, CLASSES - 1)).increment();
    }

    public void countError(EdgeError error) {
        adder(errors, error).increment();
    }

    public long of(Event event) {
        return adder(events, event).sum();
    }

    public long of(EdgeError error) {
        return adder(errors, error).sum();
    }

    /** Answers by the first digit of their status, 1 to 5. */
    public long ofStatusClass(int digit) {
        return statusClasses.get(digit).sum();
    }

    /** Lets lines of the access log that were dropped be told. */
    void countsLogLines(Optional<AccessLogWriter> log) {
        long before = logLinesDropped();
        logLinesDropped =
                log.<LongSupplier>map(writer -> () -> before + writer.dropped()).orElse(() -> before);
    }

    /** Lets be told what became of lines for those who follow the log. */
    void countsTail(LogTail followed) {
        tail = followed::counts;
    }

    /** Lines of the access log that were not written. */
    public long logLinesDropped() {
        return logLinesDropped.getAsLong();
    }

    /** Client connections that stand now. */
    public int connectionsOpen() {
        return connectionsOpen.getAsInt();
    }

    /** Everything by name: events, {@code answers_2xx}, {@code error_521} and {@code connections_open}. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Event event : Event.values()) {
            all.put(event.name().toLowerCase(Locale.ROOT), of(event));
        }
        for (int digit = 1; digit < CLASSES; digit++) {
            all.put("answers_" + digit + "xx", ofStatusClass(digit));
        }
        for (EdgeError error : EdgeError.values()) {
            all.put("error_" + error.code(), of(error));
        }
        all.put("access_log_dropped", logLinesDropped());
        all.putAll(tail.get());
        all.put("connections_open", (long) connectionsOpen());
        return all;
    }

    private static <E extends Enum<E>> LongAdder adder(Map<E, LongAdder> adders, E which) {
        return Objects.requireNonNull(adders.get(which));
    }

    /** All adders from the start, so that the map never changes and any thread may read it. */
    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        Map<E, LongAdder> adders = new EnumMap<>(type);
        for (E each : EnumSet.allOf(type)) {
            adders.put(each, new LongAdder());
        }
        return adders;
    }
}
