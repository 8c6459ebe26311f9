package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import java.util.List;

/**
 * What the proxy offers by TLS.
 *
 * @param names those that its certificates are good for, wildcards among them
 * @param alpn the protocols beside HTTP/1.1 (RFC 7301 section 6), best first, such as {@code h2}
 * @param publicPort where visitors reach it, 1 to 65535
 */
public record TlsFacts(List<DomainName> names, List<String> alpn, int publicPort) {
    public TlsFacts {
        names = List.copyOf(names);
        alpn = List.copyOf(alpn);
    }
}
