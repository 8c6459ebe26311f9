package io.anycastle.proxy;

import io.anycastle.core.model.ClientPorts;

/** The public ports on which zones are served that say none of their own, by scheme. */
public record ZonePorts(ClientPorts http, ClientPorts https) {
    /** Cloudflare's. */
    public static final ZonePorts DEFAULTS = new ZonePorts(ClientPorts.HTTP, ClientPorts.HTTPS);

    /** Those of a scheme. */
    public ClientPorts of(boolean isTls) {
        return isTls ? https : http;
    }
}
