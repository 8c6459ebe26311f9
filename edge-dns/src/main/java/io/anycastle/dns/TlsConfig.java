package io.anycastle.dns;

import io.anycastle.dns.tls.CertificateFiles;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How DNS is served in TLS (RFC 7858).
 *
 * @param listen where, numeric addresses; without a certificate nowhere
 * @param certificate what is shown to clients
 * @param reloadInterval how often the files are looked at, 100 ms to 1 d
 * @param handshakeTimeout for a new connection until TLS is spoken, 100 ms to 5 min
 * @param connectionsMax over all addresses; one more is closed at once, 1 to 1,000,000
 */
public record TlsConfig(
        List<InetSocketAddress> listen,
        Optional<CertificateFiles> certificate,
        Duration reloadInterval,
        Duration handshakeTimeout,
        int connectionsMax) {
    public static final TlsConfig DEFAULTS =
            new TlsConfig(List.of(), Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(5), 2_000);

    public TlsConfig {
        listen = List.copyOf(listen);
    }

    public TlsConfig with(CertificateFiles files, List<InetSocketAddress> where) {
        return new TlsConfig(where, Optional.of(files), reloadInterval, handshakeTimeout, connectionsMax);
    }

    public TlsConfig withHandshakeTimeout(Duration other) {
        return new TlsConfig(listen, certificate, reloadInterval, other, connectionsMax);
    }

    public TlsConfig withConnectionsMax(int other) {
        return new TlsConfig(listen, certificate, reloadInterval, handshakeTimeout, other);
    }
}
