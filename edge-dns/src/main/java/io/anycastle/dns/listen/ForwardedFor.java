package io.anycastle.dns.listen;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Whom a proxy in front asks for: the last address that it, and nobody before it, wrote into {@code X-Forwarded-For}. */
final class ForwardedFor {
    private ForwardedFor() {}

    /**
     * @param fields the header's values in their order
     */
    static Optional<InetAddress> client(List<String> fields) {
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        String last = fields.getLast();
        try {
            return Optional.of(InetAddress.ofLiteral(
                    last.substring(last.lastIndexOf(',') + 1).strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
