package io.anycastle.proxy.exchange;

import io.anycastle.core.geo.AddressFacts;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.Trace;
import java.time.Instant;
import java.util.Optional;

/** Answers the paths that belong to the edge itself; no origin ever sees them. */
final class AnswerReserved implements Step {
    private static final String TRACE = "/cdn-cgi/trace";
    private static final String ERROR = "/cdn-cgi/error/";

    @Override
    public Verdict take(Exchange exchange) {
        if (!ReservedPath.covers(exchange.request())) {
            return Verdict.NEXT;
        }
        String path = ReservedPath.pathOf(exchange.request().target());
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
        var fields = exchange.fields();
        String serverName = exchange.connection().serverName();
        String tls = exchange.connection().tlsVersion();
        String country = exchange.clientFacts().country();
        var config = exchange.surroundings().config();
        return new Trace(
                config.node(),
                fields.value(FieldName.HOST),
                exchange.clientText(),
                Instant.now(),
                exchange.connection().scheme(),
                fields.value(FieldName.USER_AGENT),
                config.colo(),
                exchange.request().version().traced(),
                country.isEmpty() ? AddressFacts.NO_COUNTRY : country,
                tls == null ? "off" : tls,
                serverName == null ? "" : serverName);
    }
}
