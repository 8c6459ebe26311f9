package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.HostTable.Lookup;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.origin.OriginTarget;
import java.util.List;

/** What one view says of a host, and the origins that follow from it as long as nothing changes. Belongs to one event loop. */
final class KnownHost {
    private final DomainName name;
    private final Lookup lookup;
    private List<OriginTarget> targets = List.of();
    private boolean isTls;
    private int port;
    private long guarded;

    KnownHost(DomainName name, Lookup lookup) {
        this.name = name;
        this.lookup = lookup;
    }

    DomainName name() {
        return name;
    }

    Lookup lookup() {
        return lookup;
    }

    /**
     * The origins that a connection's requests have, as they were found lately; empty when they must be found again.
     *
     * @param guardVersion the guard's, as it rules now
     */
    List<OriginTarget> targets(ClientConnection connection, long guardVersion) {
        boolean isSame = guarded == guardVersion && isTls == connection.isTls() && port == connection.visiblePort();
        return isSame ? targets : List.of();
    }

    void keep(List<OriginTarget> found, ClientConnection connection, long guardVersion) {
        targets = List.copyOf(found);
        isTls = connection.isTls();
        port = connection.visiblePort();
        guarded = guardVersion;
    }
}
