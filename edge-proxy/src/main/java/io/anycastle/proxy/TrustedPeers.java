package io.anycastle.proxy;

import io.anycastle.core.model.Cidr;
import java.util.List;

/**
 * Who is believed to say for whom a connection or a request is made.
 *
 * @param proxies networks whose field, and whose scheme, are believed in requests
 * @param field the field in which they name their clients; the other is believed of nobody
 * @param proxyProtocol networks whose connections begin with a header of the PROXY protocol, version 1 or 2; others may send none
 */
public record TrustedPeers(List<Cidr> proxies, ClientField field, List<Cidr> proxyProtocol) {
    public static final TrustedPeers NOBODY = new TrustedPeers(List.of(), ClientField.X_FORWARDED_FOR, List.of());

    public TrustedPeers {
        proxies = List.copyOf(proxies);
        proxyProtocol = List.copyOf(proxyProtocol);
    }

    /** Where a proxy names its clients. */
    public enum ClientField {
        /** {@code X-Forwarded-For}, and the scheme in {@code X-Forwarded-Proto}. */
        X_FORWARDED_FOR,
        /** {@code Forwarded} (RFC 7239), and the scheme in its {@code proto}. */
        FORWARDED
    }
}
