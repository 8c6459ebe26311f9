package io.anycastle.proxy.origin;

import io.anycastle.proxy.reply.EdgeError;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What a failure between edge and origin is called. Pure. */
public final class OriginFailure {
    private OriginFailure() {}

    /** The error for a connection that could not be had. */
    public static EdgeError whileConnecting(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CertificateException) {
                return EdgeError.ORIGIN_CERTIFICATE;
            }
        }
        return switch (failure) {
            case ConnectionPoolTooBusyException e -> EdgeError.TOO_BUSY;
            case ConnectTimeoutException e -> EdgeError.ORIGIN_CONNECT_TIMEOUT;
            case NoRouteToHostException e -> EdgeError.ORIGIN_UNREACHABLE;
            case ConnectException e -> byWords(e);
            case SSLException e -> EdgeError.ORIGIN_TLS_FAILED;
            default -> EdgeError.ORIGIN_UNEXPECTED;
        };
    }

    private static EdgeError byWords(ConnectException failure) {
        String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (words.contains("unreachable") || words.contains("no route")) {
            return EdgeError.ORIGIN_UNREACHABLE;
        }
        return words.contains("timed out") ? EdgeError.ORIGIN_CONNECT_TIMEOUT : EdgeError.ORIGIN_REFUSED;
    }
}
