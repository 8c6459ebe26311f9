package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Record;
import io.anycastle.core.view.HostTable.Lookup;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.origin.OriginCheck;
import io.anycastle.proxy.origin.OriginGroup;
import io.anycastle.proxy.origin.OriginSet;
import io.anycastle.proxy.origin.OutlierDetection;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one view says of a host, and the origins that follow from it as long as nothing changes. Belongs to one event loop. */
final class KnownHost {
    private static final int GROUPS_MAX = 64;

    private final DomainName name;
    private final Lookup lookup;
    /** What requests of other paths, ports or addresses go to: so that turns are taken among those of the same. */
    private final Map<OriginSet, OriginGroup> groups = new HashMap<>();

    /** What is found of its records' addresses. */
    private final Map<CheckedAddress, OriginCheck> checks = new HashMap<>();

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

    private record CheckedAddress(String record, InetAddress address) {}

    /** What health checks find of an address of a record; made once, since that takes a digest. */
    OriginCheck check(Record record, InetAddress address, Supplier<OriginCheck> made) {
        if (checks.size() >= GROUPS_MAX) {
            checks.clear();
        }
        return checks.computeIfAbsent(new CheckedAddress(record.id(), address), missing -> made.get());
    }

    /** The group of those origins. */
    OriginGroup group(OriginSet set, OutlierDetection health) {
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
