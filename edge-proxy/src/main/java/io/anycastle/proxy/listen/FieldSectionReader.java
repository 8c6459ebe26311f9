package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an HTTP/2 or HTTP/3 request (RFC 9113 section 8, RFC 9114 section 4) into the form that all wires share. What could
 * not be told in HTTP/1.1 in one way only makes the request malformed. Pure.
 */
final class FieldSectionReader {
    /** A request that breaks the grammar: its stream is reset. */
    static final class MalformedException extends RuntimeException {
        MalformedException(String what) {
            super(what, null, false, false);
        }
    }

    private static final String TRAILERS = "trailers";
    private static final String WEBSOCKET = "websocket";

    private final HeadLimits limits;

    FieldSectionReader(HeadLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a head.
     *
     * @return what is beyond a limit; null when nothing is
     */
    @Nullable
    HeadFault read(Headers<CharSequence, CharSequence, ?> from, HttpVersion version, RequestHead into) {
        String method = pseudo(from, Http2Headers.PseudoHeaderName.METHOD);
        String path = pseudo(from, Http2Headers.PseudoHeaderName.PATH);
        String scheme = pseudo(from, Http2Headers.PseudoHeaderName.SCHEME);
        String authority = pseudo(from, Http2Headers.PseudoHeaderName.AUTHORITY);
        String protocol = pseudo(from, Http2Headers.PseudoHeaderName.PROTOCOL);
        check(method, path, scheme, authority, protocol);
        if (path.length() > limits.targetBytesMax()) {
            return HeadFault.TARGET_TOO_LONG;
        }
        boolean isTunnel = protocol.equalsIgnoreCase(WEBSOCKET);
        into.begin(isTunnel ? "GET" : method, path.isEmpty() ? "*" : path, version);
        if (isTunnel) {
            into.asksForWebSocket();
        }
        if (!authority.isEmpty()) {
            into.fields().add(FieldName.HOST.text(), authority);
        }
        return fields(from, into, authority);
    }

    private static void check(String method, String path, String scheme, String authority, String protocol) {
        boolean isConnect = method.equals("CONNECT");
        if (!FieldGrammar.isToken(method) || method.length() > HeadScanner.METHOD_BYTES_MAX) {
            throw new MalformedException("the method is no token");
        }
        if (!protocol.isEmpty() && (!isConnect || path.isEmpty())) {
            throw new MalformedException("a protocol stands beside another method than CONNECT");
        }
        if (isConnect && protocol.isEmpty()) {
            if (!path.isEmpty() || !scheme.isEmpty() || authority.isEmpty()) {
                throw new MalformedException("CONNECT has a path or a scheme, or no authority");
            }
            return;
        }
        boolean isPath = path.startsWith("/") || (path.equals("*") && method.equals("OPTIONS"));
        if (!isPath || !FieldGrammar.isTarget(path)) {
            throw new MalformedException("the path is none");
        }
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw new MalformedException("the scheme is none of HTTP");
        }
        if (!FieldGrammar.isTarget(authority)) {
            throw new MalformedException("the authority is none");
        }
    }

    private static String pseudo(Headers<CharSequence, CharSequence, ?> from, Http2Headers.PseudoHeaderName name) {
        CharSequence value = from.get(name.value());
        return value == null ? "" : value.toString();
    }

    private @Nullable HeadFault fields(
            Headers<CharSequence, CharSequence, ?> from, RequestHead head, String authority) {
        Fields into = head.fields();
        StringBuilder cookies = new StringBuilder(0);
        int all = 0;
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            if (name.length() > 0 && name.charAt(0) == ':') {
                checkPseudo(name);
                continue;
            }
            int length = name.length() + value.length() + 2;
            all += length;
            if (length > limits.headerBytesMax()) {
                return HeadFault.HEADER_TOO_LONG;
            }
            if (all > limits.headersBytesMax()) {
                return HeadFault.HEADERS_TOO_LONG;
            }
            check(name, value);
            if (is(name, "cookie")) {
                // the pieces are one field to HTTP/1.1 (RFC 9113 section 8.2.3)
                cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
            } else if (!isSaidOtherwise(head, name, value, authority)) {
                into.add(name, value);
            }
        }
        if (!cookies.isEmpty()) {
            into.add(FieldName.COOKIE.text(), cookies);
        }
        return null;
    }

    /** A host that is the authority again, and the key of a tunnel that needs none (RFC 8441 section 5). */
    private static boolean isSaidOtherwise(RequestHead head, CharSequence name, CharSequence value, String authority) {
        return is(name, "host")
                ? !authority.isEmpty() && authority.contentEquals(value)
                : head.isWebSocket() && is(name, "sec-websocket-key");
    }

    private static void checkPseudo(CharSequence name) {
        boolean isOfRequests = is(name, ":method")
                || is(name, ":path")
                || is(name, ":scheme")
                || is(name, ":authority")
                || is(name, ":protocol");
        if (!isOfRequests) {
            throw new MalformedException("a pseudo-field is none of requests");
        }
    }

    private static void check(CharSequence name, CharSequence value) {
        if (!FieldGrammar.isLowerCaseToken(name)) {
            throw new MalformedException("a field name is no token in lower case");
        }
        if (!FieldGrammar.isValue(value)) {
            throw new MalformedException("a field value holds a control character, or blanks at an end");
        }
        boolean isOfConnection = is(name, "connection")
                || is(name, "keep-alive")
                || is(name, "proxy-connection")
                || is(name, "transfer-encoding")
                || is(name, "upgrade")
                || (is(name, "te") && !TRAILERS.contentEquals(value));
        if (isOfConnection) {
            throw new MalformedException("a field belongs to connections of HTTP/1");
        }
    }

    private static boolean is(CharSequence name, String lowerCase) {
        return name.length() == lowerCase.length() && lowerCase.contentEquals(name);
    }

    /** The length of the body, of a head that has been read. */
    static long length(RequestHead head, boolean isEnd) {
        if (!RequestFraming.fault(head).isEmpty()) {
            throw new MalformedException("the length is not one number");
        }
        boolean isTold = head.fields().has(FieldName.CONTENT_LENGTH);
        long told = RequestFraming.length(head);
        if (isTold && head.isWebSocket()) {
            throw new MalformedException("a tunnel has a length");
        }
        if (isEnd && isTold && told > 0) {
            throw new MalformedException("a body is announced and does not come");
        }
        return isEnd ? 0 : isTold ? told : BodyLength.UNKNOWN;
    }

    /** Reads the fields behind a body. */
    Fields trailers(Headers<CharSequence, CharSequence, ?> from) {
        Fields trailers = new Fields();
        int all = 0;
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            check(field.getKey(), field.getValue());
            all += field.getKey().length() + field.getValue().length() + 2;
            if (all > limits.headersBytesMax()) {
                throw new MalformedException("the trailers are longer than this edge accepts");
            }
            trailers.add(field.getKey(), field.getValue());
        }
        return trailers;
    }
}
