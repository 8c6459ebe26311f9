package io.anycastle.dns;

import io.anycastle.core.model.DomainName;
import java.util.List;

/**
 * The name below which the edge answers for the hosts of partial zones: {@code www.example.com} at {@code www.example.com.SUFFIX}.
 *
 * @param nameServers of the zones that it answers with there, at least one
 */
public record PartialSuffix(DomainName name, List<DomainName> nameServers) {
    public PartialSuffix {
        nameServers = List.copyOf(nameServers);
    }
}
