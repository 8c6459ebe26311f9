package io.anycastle.proxy.exchange;

import io.anycastle.core.model.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Whose address a request counts for. Pure. */
final class ClientAddress {
    private ClientAddress() {}

    /**
     * The peer itself, unless it is a trusted proxy: then the right-most address that no trusted proxy has, as far as the list can be read.
     *
     * @param hops the addresses as proxies have written them, each behind those before it
     */
    static InetAddress of(InetAddress peer, List<String> hops, List<Cidr> trusted) {
        int believed = believed(peer, hops, trusted);
        for (int i = hops.size() - believed; i < hops.size(); i++) {
            Optional<InetAddress> client = address(hops.get(i));
            if (client.isPresent()) {
                return client.get();
            }
        }
        return peer;
    }

    /** How many of the hops, from the right, were written by the peer or another trusted proxy. */
    static int believed(InetAddress peer, List<String> hops, List<Cidr> trusted) {
        Optional<InetAddress> writer = Optional.of(peer);
        int believed = 0;
        while (believed < hops.size() && writer.isPresent() && isTrusted(writer.get(), trusted)) {
            believed++;
            writer = address(hops.get(hops.size() - believed));
        }
        return believed;
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
        for (int i = 0; i < trusted.size(); i++) { // an iterator for each request otherwise
            if (trusted.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
