package io.anycastle.dns;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import java.util.List;
import java.util.Optional;

/**
 * The name below which the edge answers for the hosts of partial zones: {@code www.example.com} at {@code www.example.com.SUFFIX}.
 *
 * @param nameServers of the zones that it answers with there, at least one
 */
public record PartialSuffix(DomainName name, List<DomainName> nameServers) {
    public PartialSuffix {
        nameServers = List.copyOf(nameServers);
    }

    /** Where the edge answers for that host, or zone; empty when the name is too long for it. */
    public Optional<DomainName> place(DomainName host) {
        try {
            return Optional.of(DomainName.of(host + "." + name));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** Whose place that name is; empty for the suffix itself and for names elsewhere. */
    public Optional<DomainName> host(DomainName place) {
        return place.isBelow(name) ? Optional.of(DomainName.of(place.relativeTo(name))) : Optional.empty();
    }
}
