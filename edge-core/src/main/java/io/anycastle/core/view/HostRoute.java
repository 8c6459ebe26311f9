package io.anycastle.core.view;

import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZonePages;
import java.util.List;
import java.util.Optional;

/**
 * Where the requests of a proxied host go.
 *
 * @param host the name that was asked for
 * @param zone the host's own zone, also where a CNAME leads into another
 * @param owner the name whose records decide: the host itself, a wildcard, or what a DNS-only CNAME leads to
 * @param origins the owner's A, AAAA or CNAME records, at least one
 * @param settings of the owner's zone: what holds for its records wherever a host leads to them from
 * @param ports on which the host is served, as its own zone says; empty follows the node's setting
 * @param pages of the host's own zone
 */
public record HostRoute(
        DomainName host,
        Zone zone,
        DomainName owner,
        List<Record> origins,
        ProxySettings settings,
        Optional<ClientPorts> ports,
        ZonePages pages) {
    public HostRoute {
        origins = List.copyOf(origins);
    }

    /** How that one of the origins is asked: what its record says, over what its zone says. */
    public OriginSettings settings(Record origin) {
        return settings.of(origin);
    }
}
