package io.anycastle.dns.listen;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request for DNS over HTTPS (RFC 8484 section 4.1) asks, as far as its head tells. */
sealed interface DohRequest {
    String MEDIA_TYPE = "application/dns-message";

    /** The query, in the path's parameter. */
    record Query(Buffer message) implements DohRequest {}

    /** The query is the body. */
    record BodyFollows() implements DohRequest {}

    /**
     * @param status of HTTP
     * @param reason a sentence for who tries it by hand
     */
    record Refused(int status, String reason) implements DohRequest {}

    Refused NOT_HERE = new Refused(404, "Nothing is here.");
    Refused OTHER_METHOD = new Refused(405, "Ask by GET or POST.");
    Refused NO_QUERY = new Refused(400, "GET takes a parameter dns: a DNS message in base64url without padding.");
    Refused NO_MESSAGE = new Refused(400, "That is no DNS query.");
    Refused TOO_LONG = new Refused(413, "The DNS message is too long.");
    Refused FAULT = new Refused(500, "The server failed.");
    Refused OTHER_TYPE = new Refused(415, "POST takes a body of type " + MEDIA_TYPE + ".");

    /**
     * Decides by a request's head.
     *
     * @param path where queries are taken
     * @param messageMax octets that a query may have
     */
    static DohRequest of(HttpServerRequest request, String path, int messageMax) {
        if (!path.equals(request.path())) {
            return NOT_HERE;
        }
        if (request.method().equals(HttpMethod.GET)) {
            return fromParameter(parameter(request.query()), messageMax);
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return OTHER_METHOD;
        }
        if (!MEDIA_TYPE.equals(mediaType(request.getHeader(HttpHeaders.CONTENT_TYPE)))) {
            return OTHER_TYPE;
        }
        return length(request.getHeader(HttpHeaders.CONTENT_LENGTH)) > messageMax ? TOO_LONG : new BodyFollows();
    }

    private static DohRequest fromParameter(String encoded, int messageMax) {
        if (encoded.length() > (messageMax * 4 + 2) / 3) {
            return TOO_LONG;
        }
        if (encoded.isEmpty() || encoded.indexOf('=') >= 0) {
            return NO_QUERY;
        }
        try {
            return new Query(Buffer.buffer(Base64.getUrlDecoder().decode(encoded)));
        } catch (IllegalArgumentException e) {
            return NO_QUERY;
        }
    }

    /** The first parameter {@code dns}; base64url needs no decoding of its own. */
    private static String parameter(@Nullable String query) {
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                if (parameter.startsWith("dns=")) {
                    return parameter.substring(4);
                }
            }
        }
        return "";
    }

    private static String mediaType(@Nullable String contentType) {
        String whole = contentType == null ? "" : contentType;
        int end = whole.indexOf(';');
        return (end < 0 ? whole : whole.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static long length(@Nullable String contentLength) {
        // What is no number here was refused by the HTTP decoder.
        return contentLength == null ? 0 : Long.parseLong(contentLength);
    }
}
