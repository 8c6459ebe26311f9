package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.reply.EdgeError;

/** Accepts a request whose method, target and Host can be understood in one way only (RFC 9112 section 3). */
final class CheckMessage implements Step {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @Override
    public Verdict take(Exchange exchange) {
        RequestHead request = exchange.request();
        if (request.isMethod("CONNECT") || request.isMethod("TRACE")) {
            return Verdict.refuse(EdgeError.METHOD_NOT_ALLOWED);
        }
        Fields fields = request.fields();
        int host = fields.first(FieldName.HOST);
        if (host < 0) {
            return exchange.isHttp10() ? target(exchange, -1) : bad("It has no Host header.");
        }
        if (fields.next(FieldName.HOST, host + 1) >= 0) {
            return bad("It has more than one Host header.");
        }
        if (fields.valueFrom(host) == fields.valueTo(host)) {
            return bad("Its Host header is empty.");
        }
        return target(exchange, host);
    }

    /** @param host the index of the Host field, or -1 */
    private static Verdict target(Exchange exchange, int host) {
        RequestHead request = exchange.request();
        if (request.targetIndexOf('#') >= 0) {
            return bad("Its target has a fragment.");
        }
        boolean isAsterisk = request.targetLength() == 1 && request.targetAt(0) == '*' && request.isMethod("OPTIONS");
        if (request.targetAt(0) == '/' || isAsterisk) {
            return host < 0 ? host(exchange, "") : host(exchange, host);
        }
        String target = request.target();
        String prefix = exchange.connection().scheme() + "://";
        if (!target.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return bad("Its target is neither a path nor an address of this edge.");
        }
        String field = host < 0 ? "" : request.fields().value(host);
        return absolute(exchange, target.substring(prefix.length()), field);
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
        exchange.request().rewrite(path.startsWith("/") ? path : "/" + path);
        return host(exchange, authority);
    }

    /** Whether both name one host and one port, which the scheme tells where they do not. */
    private static boolean isSame(Exchange exchange, String hostField, String authority) {
        if (!(HostHeader.parse(hostField) instanceof HostHeader.Named one)
                || !(HostHeader.parse(authority) instanceof HostHeader.Named other)) {
            return hostField.equalsIgnoreCase(authority);
        }
        int fallback = exchange.connection().isTls() ? HTTPS_PORT : HTTP_PORT;
        return one.name().equals(other.name())
                && one.port().orElse(fallback) == other.port().orElse(fallback);
    }

    private static Verdict host(Exchange exchange, int field) {
        return host(exchange, exchange.surroundings().hosts().parse(exchange.fields(), field), true);
    }

    private static Verdict host(Exchange exchange, String text) {
        return host(exchange, HostHeader.parse(text), !text.isEmpty());
    }

    private static Verdict host(Exchange exchange, HostHeader host, boolean isNamed) {
        exchange.host(host);
        return host instanceof HostHeader.Invalid && isNamed ? bad("Its Host header is no host.") : Verdict.NEXT;
    }

    private static Verdict bad(String detail) {
        return new Verdict.Refuse(EdgeError.BAD_REQUEST, detail);
    }
}
