package io.anycastle.proxy.origin;

import io.anycastle.proxy.reply.EdgeError;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
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
            case OriginBusyException e -> EdgeError.TOO_BUSY;
            case ConnectTimeoutException e -> EdgeError.ORIGIN_CONNECT_TIMEOUT;
            case NoRouteToHostException e -> EdgeError.ORIGIN_UNREACHABLE;
            case SSLException e -> EdgeError.ORIGIN_TLS_FAILED;
            case IOException e -> byWords(e);
            default -> EdgeError.ORIGIN_UNEXPECTED;
        };
    }

    private static EdgeError byWords(IOException failure) {
        String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        // A route of kind "prohibit" and a local packet filter refuse in the words of file permissions.
        if (words.contains("unreachable")
                || words.contains("no route")
                || words.contains("permission denied")
                || words.contains("not permitted")) {
            return EdgeError.ORIGIN_UNREACHABLE;
        }
        if (words.contains("timed out")) {
            return EdgeError.ORIGIN_CONNECT_TIMEOUT;
        }
        return failure instanceof ConnectException || words.contains("refused")
                ? EdgeError.ORIGIN_REFUSED
                : EdgeError.ORIGIN_UNEXPECTED;
    }
}
