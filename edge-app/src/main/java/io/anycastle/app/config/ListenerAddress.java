package io.anycastle.app.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * An address and port to listen on.
 *
 * @param port 0 takes a free one
 * @param publicPort the port that visitors see when something forwards it here; equal to {@code port} where it has no meaning
 */
public record ListenerAddress(InetAddress address, int port, int publicPort) {
    /** That port on the loopback addresses of both families. */
    static List<ListenerAddress> loopback(int port, int publicPort) {
        return List.of(
                new ListenerAddress(InetAddress.ofLiteral("127.0.0.1"), port, publicPort),
                new ListenerAddress(InetAddress.ofLiteral("::1"), port, publicPort));
    }

    public InetSocketAddress socket() {
        return new InetSocketAddress(address, port);
    }

    /** The sentence for a socket that could not be opened there. */
    public String refusal(String transport, Throwable cause) {
        String words = String.valueOf(cause.getMessage());
        String lower = words.toLowerCase(Locale.ROOT);
        String reason;
        if (lower.contains("in use")) {
            reason = "another program is listening there";
        } else if (lower.contains("permission")) {
            reason = "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE";
        } else if (lower.contains("assign")) {
            reason = "this machine does not have that address";
        } else {
            reason = words;
        }
        return "cannot listen on " + this + " (" + transport + "): " + reason;
    }

    @Override
    public String toString() {
        return HostPort.text(address) + ":" + port;
    }
}
