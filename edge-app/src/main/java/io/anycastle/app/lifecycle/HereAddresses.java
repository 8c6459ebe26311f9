package io.anycastle.app.lifecycle;

import io.anycastle.app.config.DnsHttpsKeys;
import io.anycastle.app.config.DnsKeys;
import io.anycastle.app.config.DnsTlsKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Key;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import java.net.Inet6Address;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes IPv6 loopback out of listeners that nobody asked for, on a machine that has none. */
final class HereAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(HereAddresses.class);

    private HereAddresses() {}

    static EdgeConfig only(EdgeConfig config) {
        EdgeConfig here = config;
        for (Key<List<ListenerAddress>> key : List.of(
                DnsKeys.LISTEN,
                DnsTlsKeys.LISTEN,
                DnsHttpsKeys.LISTEN,
                Keys.HTTP_LISTEN,
                Keys.HTTPS_LISTEN,
                Keys.ADMIN_LISTEN)) {
            if (!config.isGiven(key) && config.value(key).stream().anyMatch(HereAddresses::isMissing)) {
                LOG.info("{}: this machine has no IPv6, ::1 is left out", key.path());
                here = here.with(
                        key,
                        config.value(key).stream().filter(l -> !isMissing(l)).toList());
            }
        }
        return here;
    }

    private static boolean isMissing(ListenerAddress listener) {
        return listener.address() instanceof Inet6Address && !Ports.isHere(listener.address());
    }
}
