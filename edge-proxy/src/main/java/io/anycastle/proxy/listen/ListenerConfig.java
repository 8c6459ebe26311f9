package io.anycastle.proxy.listen;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One address and port where clients arrive.
 *
 * @param address a literal IP address of either family, or a wildcard
 * @param port 0 to 65535; 0 lets the system choose
 * @param publicPort the port that clients see in front of this one, 1 to 65535; empty means 80, or 443 with TLS
 * @param tls empty for plain HTTP
 * @param speaksHttp2 whether clients may speak HTTP/2, by ALPN or, without TLS, by prior knowledge
 * @param speaksHttp3 whether clients may speak HTTP/3, by QUIC on the UDP port of the same number; only with TLS
 */
public record ListenerConfig(
        String address,
        int port,
        OptionalInt publicPort,
        Optional<TlsFiles> tls,
        boolean speaksHttp2,
        boolean speaksHttp3) {

    public static ListenerConfig plain(String address, int port) {
        return new ListenerConfig(address, port, OptionalInt.empty(), Optional.empty(), true, false);
    }

    /** The same where QUIC is not there. */
    ListenerConfig withoutHttp3() {
        return new ListenerConfig(address, port, publicPort, tls, speaksHttp2, false);
    }

    public boolean isTls() {
        return tls.isPresent();
    }

    public String scheme() {
        return isTls() ? "https" : "http";
    }

    /** The port a client of the public network connects to: what origin ports follow. */
    public int visiblePort() {
        return publicPort.orElse(isTls() ? 443 : 80);
    }
}
