package io.anycastle.dns;

import io.anycastle.core.model.DomainName;
import java.util.Optional;

/**
 * What a node tells about itself to who asks it by DNS.
 *
 * @param node its name, for {@code hostname.bind} and NSID, at most 100 octets
 * @param colo its site, for {@code id.server} and NSID, at most 100 octets
 * @param isShown whether node and colo are told at all
 * @param version for {@code version.bind} and {@code version.server}, at most 255 octets; without one they are refused
 * @param whoami the name that answers who asked; nothing for none
 */
public record IdentityConfig(
        String node, String colo, boolean isShown, Optional<String> version, Optional<DomainName> whoami) {
    /** Tells nothing. */
    public static final IdentityConfig DEFAULTS = new IdentityConfig("", "", false, Optional.empty(), Optional.empty());
}
