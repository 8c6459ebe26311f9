package io.anycastle.proxy.listen;

import java.time.Duration;

/**
 * How long a client may take and how many connections it may hold. All durations 1 ms to 1 day.
 *
 * @param handshake of TLS, from the connection on
 * @param idle an open connection without a request
 * @param head from the first byte of a request head to its last
 * @param body a request body's silence
 * @param write how long an answer may wait for the client to take more of it
 * @param linger how long what is left of a request that is answered already may still come
 * @param connectionsMax over all clients; 1 to 10,000,000
 * @param connectionsPerPrefixMax of one client network; 1 to {@code connectionsMax}
 * @param prefixV4 bits of an IPv4 address that make one client network; 8 to 32
 * @param prefixV6 bits of an IPv6 address that make one client network; 16 to 64
 */
public record ClientLimits(
        Duration handshake,
        Duration idle,
        Duration head,
        Duration body,
        Duration write,
        Duration linger,
        int connectionsMax,
        int connectionsPerPrefixMax,
        int prefixV4,
        int prefixV6) {
    public static final ClientLimits DEFAULTS = new ClientLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(400),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            100_000,
            2_000,
            32,
            56);
}
