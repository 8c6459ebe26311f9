package io.anycastle.proxy.exchange;

import io.anycastle.core.model.ClientPorts;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ZonePorts;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.message.ClientConnection;
import java.util.List;
import java.util.Optional;

/**
 * Which zones are served on which public port: where a zone says nothing, on those of the node's list. A scheme whose listeners all have other
 * ports than the list is served on all of them: whoever opens only such ports means them. Immutable.
 */
public final class ServedPorts {
    private final ZonePorts listed;
    private final boolean isHttpListed;
    private final boolean isHttpsListed;

    ServedPorts(ProxyConfig config) {
        listed = config.ports();
        isHttpListed = isListed(config, false);
        isHttpsListed = isListed(config, true);
    }

    /** The listeners by which only those zones are served that list their ports. */
    public static List<ListenerConfig> ofSomeZones(ProxyConfig config) {
        return config.listeners().stream()
                .filter(listener -> isListed(config, listener.isTls())
                        && !config.ports().of(listener.isTls()).contains(listener.visiblePort()))
                .toList();
    }

    private static boolean isListed(ProxyConfig config, boolean isTls) {
        ClientPorts ports = config.ports().of(isTls);
        return config.listeners().stream()
                .anyMatch(listener -> listener.isTls() == isTls && ports.contains(listener.visiblePort()));
    }

    /** @param own what the zone says */
    boolean contain(Optional<ClientPorts> own, ClientConnection client) {
        boolean isTls = client.isTls();
        if (own.isPresent()) {
            return own.get().contains(client.visiblePort());
        }
        boolean counts = isTls ? isHttpsListed : isHttpListed;
        return !counts || listed.of(isTls).contains(client.visiblePort());
    }
}
