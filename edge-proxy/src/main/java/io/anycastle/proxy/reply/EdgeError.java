package io.anycastle.proxy.reply;

import static io.anycastle.proxy.reply.Fault.CLIENT;
import static io.anycastle.proxy.reply.Fault.EDGE;
import static io.anycastle.proxy.reply.Fault.ORIGIN;
import static io.anycastle.proxy.reply.Fault.OWNER;

import java.util.Locale;
import java.util.Optional;

/** Every error that the edge itself answers, by the numbers that runbooks and monitors know. */
public enum EdgeError {
    BAD_REQUEST(400, 400, CLIENT, 0, "Bad request", "The request breaks the rules of HTTP, so it was not forwarded."),
    NOT_FOUND(
            404,
            404,
            CLIENT,
            0,
            "Not found",
            "Paths below /cdn-cgi/ belong to the edge, and it has nothing at this one."),
    METHOD_NOT_ALLOWED(405, 405, CLIENT, 0, "Method not allowed", "This edge does not forward TRACE requests."),
    REQUEST_TIMEOUT(
            408, 408, CLIENT, 0, "Request timeout", "The client stopped sending before its request was complete."),
    BODY_TOO_LARGE(
            413, 413, CLIENT, 0, "Content too large", "The body of the request is longer than this edge accepts."),
    URI_TOO_LONG(414, 414, CLIENT, 0, "URI too long", "The address of the request is longer than this edge accepts."),
    PORT_NOT_SERVED(
            421,
            421,
            CLIENT,
            0,
            "Port not served",
            "The host exists, but it is not served on the port that the request came by."),
    HEADERS_TOO_LARGE(
            431,
            431,
            CLIENT,
            0,
            "Request headers too large",
            "The header lines of the request are longer than this edge accepts."),
    INTERNAL(500, 500, EDGE, 30, "Internal error", "The edge failed while it handled the request."),
    NOT_IMPLEMENTED(
            501,
            501,
            CLIENT,
            0,
            "Not implemented",
            "The request comes in a transfer coding that this edge does not know."),
    MAINTENANCE(
            503,
            503,
            OWNER,
            600,
            "Down for maintenance",
            "The owner of this site is working on it, and has taken it down until that is done."),
    VERSION_NOT_SUPPORTED(
            505, 505, CLIENT, 0, "HTTP version not supported", "This listener speaks HTTP/1.1 and HTTP/1.0."),

    ORIGIN_UNEXPECTED(
            520,
            520,
            ORIGIN,
            60,
            "Web server returned an unknown error",
            "The origin closed the connection without an answer, or its answer is not valid HTTP."),
    ORIGIN_REFUSED(521, 521, ORIGIN, 120, "Web server is down", "The origin refused the connection."),
    ORIGIN_CONNECT_TIMEOUT(
            522, 522, ORIGIN, 120, "Connection timed out", "The origin did not accept the connection in time."),
    ORIGIN_UNREACHABLE(523, 523, ORIGIN, 120, "Origin is unreachable", "There is no route to the origin's address."),
    ORIGIN_READ_TIMEOUT(
            524,
            524,
            ORIGIN,
            120,
            "A timeout occurred",
            "The origin accepted the connection but did not answer in time."),
    ORIGIN_TLS_FAILED(
            525,
            525,
            ORIGIN,
            0,
            "SSL handshake failed",
            "The edge and the origin could not agree on a TLS connection."),
    ORIGIN_CERTIFICATE(
            526, 526, ORIGIN, 0, "Invalid SSL certificate", "The origin's certificate is not valid for this host."),

    POINTS_TO_EDGE(
            1000,
            403,
            OWNER,
            0,
            "DNS points to the edge itself",
            "The record of this host leads back to this edge, so a request would go round for ever."),
    UNKNOWN_HOST(
            1001,
            530,
            OWNER,
            0,
            "Host unknown to this edge",
            "No active zone of this edge has a proxied record for this host."),
    PROHIBITED_ADDRESS(
            1002,
            403,
            OWNER,
            0,
            "DNS points to a prohibited address",
            "The record of this host leads to an address that this edge does not connect to."),
    BARE_ADDRESS(
            1003,
            403,
            CLIENT,
            0,
            "Direct address access not allowed",
            "The request names an IP address instead of a host."),
    NOT_PROXIED(
            1004,
            403,
            OWNER,
            120,
            "Host not set up for the web",
            "This host exists, but its records are DNS only, or its zone is paused or not active."),
    HOST_MISMATCH(
            1013,
            421,
            CLIENT,
            0,
            "Host and TLS name differ",
            "The Host header names another site than the one the TLS connection was opened for."),
    RATE_LIMITED(
            1015,
            429,
            CLIENT,
            30,
            "You are being rate limited",
            "More requests come from this client's network than this edge accepts of one network."),
    UNRESOLVED(1016, 530, OWNER, 0, "Origin DNS error", "The name that this host's record points to has no address."),
    TOO_BUSY(
            1200,
            503,
            ORIGIN,
            60,
            "Too many requests are waiting for the origin",
            "All connections to the origin are in use.");

    private final int code;
    private final int status;
    private final Fault fault;
    private final int retryAfterSeconds;
    private final String title;
    private final String explanation;

    EdgeError(int code, int status, Fault fault, int retryAfterSeconds, String title, String explanation) {
        this.code = code;
        this.status = status;
        this.fault = fault;
        this.retryAfterSeconds = retryAfterSeconds;
        this.title = title;
        this.explanation = explanation;
    }

    /** The error of that number. */
    public static Optional<EdgeError> numbered(int code) {
        for (EdgeError error : values()) {
            if (error.code == code) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    /** The number that users know: an HTTP status or one of the 1000 class. */
    public int code() {
        return code;
    }

    /** The HTTP status it is answered with. */
    public int status() {
        return status;
    }

    public Fault fault() {
        return fault;
    }

    /** When a client may try again; 0 when that alone helps nothing. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    public boolean isRetryable() {
        return retryAfterSeconds > 0;
    }

    /** Whether the client's connection cannot be trusted to carry another request. */
    public boolean endsConnection() {
        return switch (this) {
            case BAD_REQUEST,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TIMEOUT,
                    URI_TOO_LONG,
                    HEADERS_TOO_LARGE,
                    NOT_IMPLEMENTED,
                    VERSION_NOT_SUPPORTED -> true;
            default -> false;
        };
    }

    public boolean needsOwner() {
        return fault == OWNER || fault == ORIGIN;
    }

    public String title() {
        return title;
    }

    public String explanation() {
        return explanation;
    }

    /** A stable word for programs: {@code origin_refused}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
