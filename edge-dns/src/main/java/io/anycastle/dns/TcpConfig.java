package io.anycastle.dns;

import java.time.Duration;

/**
 * How TCP is served, and what is asked over it.
 *
 * @param threads event loops that share the connections of each address, 1 to 256
 * @param idleTimeout a connection that completes no query for so long is closed, 100 ms to 1 h
 * @param idleTimeoutMin the same when connections are as many as there may be; in between it shrinks from half of them on, 10 ms to 1 h
 * @param connectionsMax over all addresses; one more is closed at once, 1 to 1,000,000
 * @param queryBytesMax a longer frame closes its connection, 512 to 65535
 * @param writeQueueBytesMax a client that reads slower is not read from until it catches up, 1024 to 64 MiB
 * @param slowBytesMax what all such clients together may leave unread; one more is closed, 1 MiB to 64 GiB
 * @param turn queries of one connection that are answered before the others have their turn, 1 to 100,000
 */
public record TcpConfig(
        int threads,
        Duration idleTimeout,
        Duration idleTimeoutMin,
        int connectionsMax,
        int queryBytesMax,
        int writeQueueBytesMax,
        long slowBytesMax,
        int turn) {
    public static final TcpConfig DEFAULTS = new TcpConfig(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            10_000,
            4096,
            64 * 1024,
            64L << 20,
            500);

    public TcpConfig withThreads(int other) {
        return new TcpConfig(
                other,
                idleTimeout,
                idleTimeoutMin,
                connectionsMax,
                queryBytesMax,
                writeQueueBytesMax,
                slowBytesMax,
                turn);
    }

    public TcpConfig withIdleTimeout(Duration longest, Duration shortest) {
        return new TcpConfig(
                threads, longest, shortest, connectionsMax, queryBytesMax, writeQueueBytesMax, slowBytesMax, turn);
    }

    public TcpConfig withConnectionsMax(int other) {
        return new TcpConfig(
                threads, idleTimeout, idleTimeoutMin, other, queryBytesMax, writeQueueBytesMax, slowBytesMax, turn);
    }

    public TcpConfig withSlowBytesMax(long other) {
        return new TcpConfig(
                threads, idleTimeout, idleTimeoutMin, connectionsMax, queryBytesMax, writeQueueBytesMax, other, turn);
    }

    public TcpConfig withTurn(int other) {
        return new TcpConfig(
                threads,
                idleTimeout,
                idleTimeoutMin,
                connectionsMax,
                queryBytesMax,
                writeQueueBytesMax,
                slowBytesMax,
                other);
    }
}
