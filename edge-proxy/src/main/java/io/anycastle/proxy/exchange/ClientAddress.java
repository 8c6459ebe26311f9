package io.anycastle.proxy.exchange;

import io.anycastle.core.model.Cidr;
import java.net.InetAddress;
import java.util.List;

/** Whose address a request counts for. Pure. */
final class ClientAddress {
    private ClientAddress() {}

    /**
     * The peer itself, unless it is a trusted proxy: then the right-most address of X-Forwarded-For that no trusted proxy has, as far as
     * the list can be read.
     */
    static InetAddress of(InetAddress peer, List<String> forwardedFor, List<Cidr> trusted) {
        InetAddress client = peer;
        for (int i = forwardedFor.size() - 1; i >= 0; i--) {
            String[] hops = forwardedFor.get(i).split(",", -1);
            for (int j = hops.length - 1; j >= 0; j--) {
                if (!isTrusted(client, trusted)) {
                    return client;
                }
                try {
                    client = InetAddress.ofLiteral(hops[j].strip());
                } catch (IllegalArgumentException e) {
                    return client;
                }
            }
        }
        return client;
    }

    private static boolean isTrusted(InetAddress address, List<Cidr> trusted) {
        for (Cidr network : trusted) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
