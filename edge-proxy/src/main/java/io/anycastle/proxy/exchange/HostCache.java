package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.EdgeView;
import io.anycastle.core.view.HostTable;
import io.anycastle.proxy.message.Fields;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What Host fields said lately, and what the view says of their hosts, so that the usual ones are understood without being read and looked
 * up again. Belongs to one event loop.
 */
@SuppressWarnings("ReferenceEquality") // each change makes a new view
public final class HostCache {
    private static final int SLOTS = 256;
    private static final int OCTETS_MAX = 100;

    private record Known(AsciiString field, HostHeader host) {}

    private final @Nullable Known[] slots = new @Nullable Known[SLOTS];
    private final @Nullable KnownHost[] hosts = new @Nullable KnownHost[SLOTS];
    /** The view that the hosts were looked up in. */
    private @Nullable EdgeView view;

    /** What the view says of a host. */
    KnownHost find(EdgeView now, DomainName name) {
        if (now != view) {
            Arrays.fill(hosts, null);
            view = now;
        }
        int hash = name.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        KnownHost known = hosts[slot];
        if (known == null || !known.name().equals(name)) {
            known = new KnownHost(name, HostTable.find(now, name));
            hosts[slot] = known;
        }
        return known;
    }

    /** What a field says. */
    HostHeader parse(Fields fields, int field) {
        byte[] octets = fields.octets();
        int from = fields.valueFrom(field);
        int to = fields.valueTo(field);
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + octets[i];
        }
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Known known = slots[slot];
        if (known != null && Arrays.equals(known.field.array(), 0, known.field.length(), octets, from, to)) {
            return known.host;
        }
        HostHeader host = HostHeader.parse(fields.value(field));
        if (to - from <= OCTETS_MAX) {
            slots[slot] = new Known(new AsciiString(octets, from, to - from, true), host);
        }
        return host;
    }
}
