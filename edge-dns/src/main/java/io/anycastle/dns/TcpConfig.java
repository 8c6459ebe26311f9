package io.anycastle.dns;

import java.time.Duration;

/**
 * How TCP is served.
 *
 * @param idleTimeout a connection that completes no query for so long is closed, 100 ms to 1 h
 * @param connectionsMax over all addresses; one more is closed at once, 1 to 1,000,000
 * @param queryBytesMax a longer frame closes its connection, 512 to 65535
 * @param writeQueueBytesMax a client that reads slower is not read from until it catches up, 1024 to 64 MiB
 */
public record TcpConfig(Duration idleTimeout, int connectionsMax, int queryBytesMax, int writeQueueBytesMax) {
    public static final TcpConfig DEFAULTS = new TcpConfig(Duration.ofSeconds(10), 1000, 4096, 256 * 1024);

    public TcpConfig withIdleTimeout(Duration other) {
        return new TcpConfig(other, connectionsMax, queryBytesMax, writeQueueBytesMax);
    }

    public TcpConfig withConnectionsMax(int other) {
        return new TcpConfig(idleTimeout, other, queryBytesMax, writeQueueBytesMax);
    }
}
