package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;

/**
 * What an answer's time went into so far, as a Server-Timing field (W3C Server Timing): {@code edge} until an origin was looked for,
 * {@code connect} until there was a connection to one, {@code origin} until it answered. Milliseconds.
 */
final class ServerTiming {
    private ServerTiming() {}

    static void write(Exchange exchange, FieldWriter to) {
        if (exchange.surroundings().config().reply().hasServerTiming()) {
            to.add(
                    FieldName.SERVER_TIMING,
                    text(
                            exchange.seekNanos(),
                            exchange.connectNanos(),
                            exchange.firstByteNanos(),
                            exchange.ageNanos()));
        }
    }

    /** Each from the request's head on; negative where it did not come so far. */
    static String text(long seekNanos, long connectNanos, long answerNanos, long nowNanos) {
        StringBuilder text = new StringBuilder(64);
        phase(text, "edge", seekNanos < 0 ? nowNanos : seekNanos);
        if (seekNanos >= 0) {
            phase(text, "connect", (connectNanos < 0 ? nowNanos : connectNanos) - seekNanos);
        }
        if (connectNanos >= 0) {
            phase(text, "origin", (answerNanos < 0 ? nowNanos : answerNanos) - connectNanos);
        }
        return text.toString();
    }

    private static void phase(StringBuilder text, String name, long nanos) {
        long micros = Math.max(0, nanos / 1000);
        text.append(text.isEmpty() ? "" : ", ").append(name).append(";dur=").append(micros / 1000);
        text.append('.').append((char) ('0' + micros / 100 % 10));
        text.append((char) ('0' + micros / 10 % 10)).append((char) ('0' + micros % 10));
    }
}
