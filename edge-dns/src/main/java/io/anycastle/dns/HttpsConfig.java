package io.anycastle.dns;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How DNS is served over HTTPS (RFC 8484). Certificate, handshake and the number of connections are those of {@link TlsConfig}.
 *
 * @param listen where, numeric addresses; without a certificate nowhere
 * @param cleartextListen where plain HTTP is taken from a proxy on this machine that ends TLS; loopback addresses
 * @param path where queries are taken, beginning with a slash
 * @param streamsMax requests of one HTTP/2 connection at one time, 1 to 10,000
 */
public record HttpsConfig(
        List<InetSocketAddress> listen, List<InetSocketAddress> cleartextListen, String path, int streamsMax) {
    public static final HttpsConfig DEFAULTS = new HttpsConfig(List.of(), List.of(), "/dns-query", 100);

    public HttpsConfig {
        listen = List.copyOf(listen);
        cleartextListen = List.copyOf(cleartextListen);
    }

    public HttpsConfig withListen(List<InetSocketAddress> encrypted, List<InetSocketAddress> cleartext) {
        return new HttpsConfig(encrypted, cleartext, path, streamsMax);
    }
}
