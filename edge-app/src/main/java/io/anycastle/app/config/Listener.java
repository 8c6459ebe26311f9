package io.anycastle.app.config;

import java.net.InetAddress;

/**
 * An address and port to listen on.
 *
 * @param port 0 takes a free one
 * @param publicPort the port that visitors see when something forwards it here; equal to {@code port} where it has no meaning
 */
public record Listener(InetAddress address, int port, int publicPort) {
    @Override
    public String toString() {
        return HostPort.text(address) + ":" + port;
    }
}
