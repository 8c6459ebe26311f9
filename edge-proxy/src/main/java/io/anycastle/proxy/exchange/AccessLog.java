package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
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
        var fields = exchange.fields();
        return "%s %s \"%s\" \"%s %s\" %d %d %.3f %s \"%s\""
                .formatted(
                        exchange.ray(),
                        exchange.clientText(),
                        fields.has(FieldName.HOST) ? Escape.log(fields.value(FieldName.HOST)) : "-",
                        Escape.log(exchange.request().method()),
                        Escape.log(exchange.request().target()),
                        exchange.stream().status(),
                        exchange.stream().bytesWritten(),
                        nanos / 1e6,
                        targets.isEmpty() ? "-" : targets.getFirst(),
                        fields.has(FieldName.USER_AGENT) ? Escape.log(fields.value(FieldName.USER_AGENT)) : "-");
    }
}
