package io.anycastle.proxy.exchange;

import io.anycastle.proxy.reply.EdgeError;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Accepts a request whose method, target and Host can be understood in one way only (RFC 9112 section 3). */
final class CheckMessage implements Step {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @Override
    public Verdict take(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.CONNECT)) {
            return new Verdict.Refuse(EdgeError.NOT_IMPLEMENTED, "It is no forward proxy: CONNECT is not served.");
        }
        if (method.equals(HttpMethod.TRACE)) {
            return Verdict.refuse(EdgeError.METHOD_NOT_ALLOWED);
        }
        List<String> hosts = request.headers().getAll("Host");
        if (hosts.size() > 1) {
            return bad("It has more than one Host header.");
        }
        if (hosts.isEmpty() && !exchange.isHttp10()) {
            return bad("It has no Host header.");
        }
        if (!hosts.isEmpty() && hosts.getFirst().isBlank()) {
            return bad("Its Host header is empty.");
        }
        if (transferCodingIsUnknown(request.headers().getAll("Transfer-Encoding"))) {
            return bad("Its transfer coding is not chunked alone.");
        }
        return target(exchange, hosts.isEmpty() ? "" : hosts.getFirst());
    }

    private static boolean transferCodingIsUnknown(List<String> codings) {
        return !codings.isEmpty() && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"));
    }

    private static Verdict target(Exchange exchange, String hostField) {
        String target = exchange.request().uri();
        if (target.indexOf('#') >= 0) {
            return bad("Its target has a fragment.");
        }
        if (target.startsWith("/")
                || (target.equals("*") && exchange.request().method().equals(HttpMethod.OPTIONS))) {
            return host(exchange, hostField);
        }
        String prefix = exchange.connection().listener().scheme() + "://";
        if (!target.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return bad("Its target is neither a path nor an address of this edge.");
        }
        return absolute(exchange, target.substring(prefix.length()), hostField);
    }

    /** The target's authority decides (RFC 9112 section 3.2.2), and a Host header beside it must say the same. */
    private static Verdict absolute(Exchange exchange, String rest, String hostField) {
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        String authority = rest.substring(0, end);
        if (!hostField.isEmpty() && !isSame(exchange, hostField, authority)) {
            return bad("Its target and its Host header name different hosts.");
        }
        String path = rest.substring(end);
        exchange.uri(path.startsWith("/") ? path : "/" + path);
        return host(exchange, authority);
    }

    /** Whether both name one host and one port, which the scheme tells where they do not. */
    private static boolean isSame(Exchange exchange, String hostField, String authority) {
        if (!(HostHeader.parse(hostField) instanceof HostHeader.Named one)
                || !(HostHeader.parse(authority) instanceof HostHeader.Named other)) {
            return hostField.equalsIgnoreCase(authority);
        }
        int fallback = exchange.connection().listener().isTls() ? HTTPS_PORT : HTTP_PORT;
        return one.name().equals(other.name())
                && one.port().orElse(fallback) == other.port().orElse(fallback);
    }

    private static Verdict host(Exchange exchange, String text) {
        HostHeader host = HostHeader.parse(text);
        exchange.host(host);
        return host instanceof HostHeader.Invalid && !text.isEmpty()
                ? bad("Its Host header is no host.")
                : Verdict.NEXT;
    }

    private static Verdict bad(String detail) {
        return new Verdict.Refuse(EdgeError.BAD_REQUEST, detail);
    }
}
