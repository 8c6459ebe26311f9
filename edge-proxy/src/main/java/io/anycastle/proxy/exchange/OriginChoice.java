package io.anycastle.proxy.exchange;

import io.anycastle.core.model.OriginRoute;
import io.anycastle.core.model.OriginScheme;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.origin.AddressMapping;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.origin.TlsPeer;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How a request asks the origin of one record: by what the record and its zone say, by the node's configuration where they say nothing,
 * and by how the client asks where that says nothing either.
 *
 * @param path the route that the request's path takes; empty when it goes to the record's content
 */
record OriginChoice(OriginSettings settings, Optional<OriginRoute> path) {
    private static final int PLAIN_PORT = 80;
    private static final int TLS_PORT = 443;

    static OriginChoice of(OriginSettings settings) {
        return new OriginChoice(settings, Optional.empty());
    }

    /** @param path the request's, as sent and without its query */
    static OriginChoice of(OriginSettings settings, String path) {
        return new OriginChoice(settings, settings.route(path));
    }

    /** One of the addresses, in place of which the configuration may have another. */
    OriginTarget target(Exchange exchange, InetAddress address) {
        OriginConfig config = exchange.surroundings().config().origins();
        OriginTlsMode mode = exchange.route().orElseThrow().settings().tls().orElse(config.tls());
        ClientConnection client = exchange.connection();
        OriginScheme scheme = scheme(mode, client);
        int port = port(scheme, config, client);
        Optional<TlsPeer> peer = scheme.isTls() ? Optional.of(peer(mode, exchange)) : Optional.empty();
        for (AddressMapping mapping : config.addressMap()) {
            if (mapping.from().equals(address)) {
                return target(mapping.to(), mapping.port().orElse(port), scheme, peer);
            }
        }
        return target(address, port, scheme, peer);
    }

    private OriginTarget target(InetAddress address, int port, OriginScheme scheme, Optional<TlsPeer> peer) {
        return OriginTarget.of(address, port, scheme, peer, settings.host()).proxyHeader(settings.sendsProxyHeader());
    }

    private OriginScheme scheme(OriginTlsMode mode, ClientConnection client) {
        return path.flatMap(OriginRoute::scheme)
                .or(settings::scheme)
                .orElseGet(() -> mode.isTls(client.isTls()) ? OriginScheme.HTTPS : OriginScheme.HTTP);
    }

    /** A route that names a scheme speaks of another server than the record's port does. */
    private int port(OriginScheme scheme, OriginConfig config, ClientConnection client) {
        if (path.isPresent() && path.get().port().isPresent()) {
            return path.get().port().getAsInt();
        }
        boolean isOwnScheme = path.flatMap(OriginRoute::scheme).isPresent();
        if (settings.port().isPresent() && !isOwnScheme) {
            return settings.port().getAsInt();
        }
        return config.port().orElseGet(() -> followed(scheme, client.visiblePort()));
    }

    /** The client's port, but for those that stand for the other scheme. */
    private static int followed(OriginScheme scheme, int port) {
        if (scheme.isTls()) {
            return port == PLAIN_PORT ? TLS_PORT : port;
        }
        return port == TLS_PORT ? PLAIN_PORT : port;
    }

    /** Who names authorities wants them asked. */
    private TlsPeer peer(OriginTlsMode mode, Exchange exchange) {
        boolean isChecked =
                settings.tlsVerify().orElse(mode.isChecked() || settings.ca().isPresent());
        String name = settings.sni()
                .or(this::nameInHost)
                .orElseGet(() -> exchange.hostName().orElseThrow().toString());
        return new TlsPeer(
                name,
                isChecked,
                isChecked ? settings.ca() : Optional.empty(),
                exchange.route().orElseThrow().settings().client());
    }

    private Optional<String> nameInHost() {
        return settings.host()
                .map(HostHeader::parse)
                .flatMap(host -> host instanceof HostHeader.Named named
                        ? Optional.of(named.name().toString())
                        : Optional.empty());
    }
}
