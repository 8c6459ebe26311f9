package io.anycastle.core.model;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Names that no registrar delegates, so that nobody can check who owns them (RFC 6761, 6303, 8375 and the reserved {@code internal}). */
public final class PrivateNames {
    private static final List<DomainName> TOPS = Stream.concat(
                    Stream.of(
                            "internal",
                            "home.arpa",
                            "test",
                            "local",
                            "localhost",
                            "lan",
                            "home",
                            "corp",
                            "intranet",
                            "10.in-addr.arpa",
                            "168.192.in-addr.arpa",
                            "127.in-addr.arpa",
                            "254.169.in-addr.arpa",
                            "c.f.ip6.arpa",
                            "d.f.ip6.arpa"),
                    IntStream.rangeClosed(16, 31).mapToObj(i -> i + ".172.in-addr.arpa"))
            .map(DomainName::of)
            .toList();

    private PrivateNames() {}

    /** Whether the name is such a name, lies below one, or is a top-level name itself. */
    public static boolean contains(DomainName name) {
        return name.labelCount() == 1 || TOPS.stream().anyMatch(name::isAtOrBelow);
    }
}
