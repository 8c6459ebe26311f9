package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import java.net.InetAddress;
import java.util.OptionalInt;

/** What a Host header or the authority of a request target says (RFC 9110 section 7.2). Pure. */
public sealed interface HostHeader {
    /**
     * A name, ready to be looked up.
     *
     * @param field what the origin is told: the name in lower case without final dot, and the port if the client wrote one
     */
    record Named(DomainName name, String field) implements HostHeader {
        /** The port, where the client wrote one. */
        OptionalInt port() {
            int colon = field.lastIndexOf(':');
            return colon < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(field.substring(colon + 1)));
        }
    }

    /** An IP address instead of a name. */
    record Address() implements HostHeader {}

    /** Nothing that a host can be. */
    record Invalid() implements HostHeader {
        static final Invalid NONE = new Invalid();
    }

    static HostHeader parse(String text) {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            boolean isAddress = close > 0 && isPort(text.substring(close + 1)) && isLiteral(text.substring(1, close));
            return isAddress ? new Address() : new Invalid();
        }
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "" : text.substring(colon);
        if (!isHost(host) || !isPort(port)) {
            return new Invalid();
        }
        if (isLiteral(host)) {
            return new Address();
        }
        return named(host, port);
    }

    private static HostHeader named(String host, String port) {
        try {
            DomainName name = DomainName.of(host);
            return name.isRoot() ? new Invalid() : new Named(name, port.length() > 1 ? name + port : name.toString());
        } catch (InvalidNameException e) {
            return new Invalid();
        }
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!fits) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    /** Nothing, or a colon and up to five digits that make a port. */
    static boolean isPort(String text) {
        if (text.isEmpty() || text.equals(":")) {
            return true;
        }
        if (text.charAt(0) != ':' || text.length() > 6) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return Integer.parseInt(text.substring(1)) <= 65535;
    }

    private static boolean isLiteral(String host) {
        char last = host.isEmpty() ? ' ' : host.charAt(host.length() - 1);
        boolean mayBe = host.indexOf(':') >= 0 || (last >= '0' && last <= '9');
        if (!mayBe) {
            return false;
        }
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
