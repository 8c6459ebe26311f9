package io.anycastle.proxy.exchange;

import io.anycastle.core.model.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

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
                if (hops[j].isBlank()) {
                    continue;
                }
                Optional<InetAddress> hop = address(hops[j].strip());
                if (hop.isEmpty()) {
                    return client;
                }
                client = hop.get();
            }
        }
        return client;
    }

    /** An address as proxies write it: alone, in brackets, or with a port behind it. */
    private static Optional<InetAddress> address(String text) {
        String literal = text;
        int close = text.indexOf(']');
        int colon = text.indexOf(':');
        if (text.startsWith("[") && close > 0 && HostHeader.isPort(text.substring(close + 1))) {
            literal = text.substring(1, close);
        } else if (colon > 0 && text.indexOf(':', colon + 1) < 0 && HostHeader.isPort(text.substring(colon))) {
            literal = text.substring(0, colon);
        }
        boolean isShort = literal.indexOf(':') < 0
                && literal.chars().filter(c -> c == '.').count() != 3;
        if (isShort || literal.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether what this address says of its clients is believed. */
    static boolean isTrusted(InetAddress address, List<Cidr> trusted) {
        for (Cidr network : trusted) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
