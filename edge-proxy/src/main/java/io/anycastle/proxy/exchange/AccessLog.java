package io.anycastle.proxy.exchange;

import io.anycastle.core.model.AddressText;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.Escape;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request, if the operator wants it; nothing that a client sends can break the line. */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("anycastle.access");

    private AccessLog() {}

    static void write(Exchange exchange, long nanos) {
        if (exchange.surroundings().config().accessLog() && LOG.isInfoEnabled()) {
            LOG.info(line(exchange, nanos));
        }
    }

    private static String line(Exchange exchange, long nanos) {
        List<OriginTarget> targets = exchange.targets();
        String agent = exchange.request().getHeader("User-Agent");
        return "%s %s \"%s\" \"%s %s\" %d %d %.3f %s \"%s\""
                .formatted(
                        exchange.ray(),
                        AddressText.of(exchange.client().getAddress()),
                        Escape.log(String.valueOf(exchange.request().getHeader("Host"))),
                        Escape.log(exchange.request().method().name()),
                        Escape.log(exchange.request().uri()),
                        exchange.response().headWritten() ? exchange.response().getStatusCode() : 0,
                        exchange.response().bytesWritten(),
                        nanos / 1e6,
                        targets.isEmpty() ? "-" : targets.getFirst(),
                        agent == null ? "-" : Escape.log(agent));
    }
}
