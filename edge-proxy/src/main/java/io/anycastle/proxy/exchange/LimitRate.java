package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.HeadFault;
import io.anycastle.proxy.reply.EdgeError;

/** Refuses what a client network asks for beyond its limits. */
final class LimitRate implements Step {
    private static final Verdict REQUESTS = new Verdict.Refuse(EdgeError.RATE_LIMITED, "");
    private static final Verdict HEAD_BYTES =
            new Verdict.Refuse(EdgeError.RATE_LIMITED, "The heads of its requests together are too long.");

    @Override
    public Verdict take(Exchange exchange) {
        return exchange.surroundings().rates().areLimited()
                ? charge(exchange, exchange.fields().size())
                : Verdict.NEXT;
    }

    /** The same of a request that is refused for its head, of which little is left. */
    static Verdict take(Exchange exchange, HeadFault fault) {
        if (!exchange.surroundings().rates().areLimited()) {
            return Verdict.NEXT;
        }
        var limits = exchange.surroundings().config().heads();
        int bytes = switch (fault) {
            case TARGET_TOO_LONG -> limits.targetBytesMax();
            case HEADER_TOO_LONG -> limits.headerBytesMax();
            case HEADERS_TOO_LONG -> limits.headersBytesMax();
            default -> 0;
        };
        return charge(exchange, bytes);
    }

    private static Verdict charge(Exchange exchange, int headBytes) {
        NetworkRates rates = exchange.surroundings().rates();
        return switch (rates.charge(exchange.clientNetwork(), headBytes, exchange.beganNanos())) {
            case ADMITTED -> Verdict.NEXT;
            case TOO_MANY_REQUESTS -> {
                exchange.counters().count(Event.REQUESTS_LIMITED);
                rates.tell(exchange.client(), "limits.requests-per-network", exchange.beganNanos());
                yield REQUESTS;
            }
            case TOO_MANY_HEAD_BYTES -> {
                exchange.counters().count(Event.HEADS_LIMITED);
                rates.tell(exchange.client(), "limits.head-bytes-per-network", exchange.beganNanos());
                yield HEAD_BYTES;
            }
        };
    }
}
