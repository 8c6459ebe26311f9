package io.anycastle.proxy.listen;

/**
 * A listener that is open.
 *
 * @param port the port really bound
 * @param scheme {@code http} or {@code https}
 */
public record ListenerStatus(String address, int port, int publicPort, String scheme) {}
