package io.anycastle.proxy.origin;

import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.OriginBalance;
import io.anycastle.core.model.OriginTlsMode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How origins are reached. All durations 1 ms to 1 day.
 *
 * @param port 1 to 65535 for every origin; empty follows the port that the client used
 * @param connectTimeout for one address; then 522
 * @param attemptDelay how long one family of addresses is tried before the other is tried beside it (RFC 8305 section 5)
 * @param handshakeTimeout of TLS with the origin; then 525
 * @param readTimeout from the request's last byte to the answer's first; then 524
 * @param silenceTimeout between two pieces of an answer's body; then the client's connection is reset
 * @param writeTimeout how long the origin may refuse to take more of the request; then 524
 * @param keepAlive how long an unused connection is kept
 * @param connectionsMax to one origin address, for each thread of the proxy; 1 to 100,000
 * @param queueMax requests that wait for such a connection, for each thread; then error 1200; 0 to 1,000,000
 * @param queueTimeout how long they do; then the same
 * @param balance how one of several origins is chosen where neither record nor zone says it
 * @param headerBytesMax all header lines of an answer together; 1 KiB to 1 MiB
 * @param allow networks that may be reached although the address guard refuses them by itself
 * @param deny networks that must never be reached, such as the cluster's
 * @param edgeAddresses what proxied names answer: an origin there is the edge itself
 */
public record OriginConfig(
        OriginTlsMode tls,
        OptionalInt port,
        Duration connectTimeout,
        Duration attemptDelay,
        Duration handshakeTimeout,
        Duration readTimeout,
        Duration silenceTimeout,
        Duration writeTimeout,
        Duration keepAlive,
        int connectionsMax,
        int queueMax,
        Duration queueTimeout,
        int headerBytesMax,
        OriginHttp2 http2,
        OriginBalance balance,
        EjectionConfig ejection,
        RetryConfig retry,
        List<Cidr> allow,
        List<Cidr> deny,
        List<AddressMapping> addressMap,
        List<InetAddress> edgeAddresses) {
    public static final OriginConfig DEFAULTS = new OriginConfig(
            OriginTlsMode.FULL,
            OptionalInt.empty(),
            Duration.ofSeconds(19),
            Duration.ofMillis(250),
            Duration.ofSeconds(10),
            Duration.ofSeconds(125),
            Duration.ofSeconds(300),
            Duration.ofSeconds(30),
            Duration.ofSeconds(900),
            1_024,
            4_096,
            Duration.ofSeconds(30),
            32 * 1024,
            OriginHttp2.DEFAULTS,
            OriginBalance.DEFAULT,
            EjectionConfig.DEFAULTS,
            RetryConfig.DEFAULTS,
            List.of(),
            List.of(),
            List.of(),
            List.of());

    public OriginConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        addressMap = List.copyOf(addressMap);
        edgeAddresses = List.copyOf(edgeAddresses);
    }
}
