package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.HostTable.Lookup;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.origin.OriginGroup;
import io.anycastle.proxy.origin.OriginHealth;
import io.anycastle.proxy.origin.OriginSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one view says of a host, and the origins that follow from it as long as nothing changes. Belongs to one event loop. */
final class KnownHost {
    private static final int GROUPS_MAX = 64;

    private final DomainName name;
    private final Lookup lookup;
    /** What requests of other paths, ports or addresses go to: so that turns are taken among those of the same. */
    private final Map<OriginSet, OriginGroup> groups = new HashMap<>();

    private @Nullable OriginGroup fixed;
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
     * The origins that a connection's requests have, as they were found lately; null when they must be found again.
     *
     * @param guardVersion the guard's, as it rules now
     */
    @Nullable
    OriginGroup fixed(ClientConnection connection, long guardVersion) {
        boolean isSame = guarded == guardVersion && isTls == connection.isTls() && port == connection.visiblePort();
        return isSame ? fixed : null;
    }

    void keep(OriginGroup found, ClientConnection connection, long guardVersion) {
        fixed = found;
        isTls = connection.isTls();
        port = connection.visiblePort();
        guarded = guardVersion;
    }

    /** The group of those origins. */
    OriginGroup group(OriginSet set, OriginHealth health) {
        OriginGroup known = groups.get(set);
        if (known == null) {
            if (groups.size() >= GROUPS_MAX) {
                groups.clear();
            }
            known = new OriginGroup(set, health);
            groups.put(set, known);
        }
        return known;
    }
}
