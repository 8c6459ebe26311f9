package io.anycastle.app.config;

import io.anycastle.core.model.DomainName;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that is about what a node tells of itself by DNS. */
public final class DnsIdentityKeys {
    private static final KeyList KEYS = new KeyList();

    public static final Key<Boolean> SHOWN = KEYS.key(
            "dns.identity.shown",
            Shapes.flag(),
            true,
            "Whether the node's name and site are told by hostname.bind and id.server (class CHAOS), by NSID and by"
                    + " dns.identity.whoami.");
    public static final Key<Optional<String>> VERSION = KEYS.key(
            "dns.identity.version",
            Shapes.maybe(Shapes.text("1 to 255 printable ASCII characters", "[ -~]{1,255}")),
            Optional.of("Anycastle"),
            "What version.bind and version.server answer; nothing refuses them.");
    public static final Key<Optional<DomainName>> WHOAMI = KEYS.key(
            "dns.identity.whoami",
            Shapes.maybe(Shapes.domainName()),
            Optional.of(DomainName.of("whoami.anycastle.internal")),
            "A name that answers who asked, and which node: the client's address for A or AAAA, all of it for TXT. A name"
                    + " below a zone of yours is reached through resolvers too, and tells theirs; nothing for none.");

    static final List<Key<?>> ALL = KEYS.all();

    private DnsIdentityKeys() {}
}
