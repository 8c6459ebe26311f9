package io.anycastle.proxy.tls;

import org.jspecify.annotations.Nullable;

/**
 * What a completed handshake has agreed on.
 *
 * @param version as {@code TLSv1.3}
 * @param serverName the host that the client asked for, as it spelled it (RFC 6066 section 3); null when it named none
 * @param protocol what is spoken, by the name of ALPN (RFC 7301); null when none was agreed on
 * @param isResumed whether it is known to go on from an earlier session
 */
public record TlsSession(
        String version,
        @Nullable String serverName,
        @Nullable String protocol,
        boolean isResumed) {}
