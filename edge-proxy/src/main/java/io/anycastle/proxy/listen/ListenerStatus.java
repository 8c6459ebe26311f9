package io.anycastle.proxy.listen;

import java.util.List;

/**
 * A listener that is open.
 *
 * @param port the port really bound
 * @param scheme {@code http} or {@code https}
 * @param alpn the protocols that it speaks beside HTTP/1.1, best first, by their ALPN names
 */
public record ListenerStatus(String address, int port, int publicPort, String scheme, List<String> alpn) {
    public ListenerStatus {
        alpn = List.copyOf(alpn);
    }
}
