package io.anycastle.proxy.exchange;

import io.anycastle.core.model.AddressText;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.Trace;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** Answers the paths that belong to the edge itself; no origin ever sees them. */
final class AnswerReserved implements Step {
    private static final String TRACE = "/cdn-cgi/trace";
    private static final String ERROR = "/cdn-cgi/error/";

    @Override
    public Verdict take(Exchange exchange) {
        String uri = exchange.uri();
        if (!ReservedPath.covers(uri)) {
            return Verdict.NEXT;
        }
        String path = ReservedPath.pathOf(uri);
        if (path.equals(TRACE)) {
            return new Verdict.Answer(trace(exchange).reply());
        }
        return new Verdict.Refuse(
                preview(path).orElse(EdgeError.NOT_FOUND), preview(path).isPresent() ? "This is a preview." : "");
    }

    private static Optional<EdgeError> preview(String path) {
        String digits = path.startsWith(ERROR) ? path.substring(ERROR.length()) : "";
        return digits.matches("[0-9]{3,4}") ? EdgeError.numbered(Integer.parseInt(digits)) : Optional.empty();
    }

    private static Trace trace(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        String agent = request.getHeader("User-Agent");
        String host = request.getHeader("Host");
        String serverName = exchange.connection().serverName();
        SSLSession session = request.sslSession();
        var config = exchange.surroundings().config();
        return new Trace(
                config.node(),
                host == null ? "" : host,
                AddressText.of(exchange.client().getAddress()),
                Instant.now(),
                exchange.connection().listener().scheme(),
                agent == null ? "" : agent,
                config.colo(),
                exchange.isHttp10() ? "http/1.0" : "http/1.1",
                session == null ? "off" : session.getProtocol(),
                serverName == null ? "" : serverName);
    }
}
