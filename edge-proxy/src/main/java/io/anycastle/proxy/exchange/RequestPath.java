package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.HeadFault;
import io.anycastle.proxy.listen.RequestHandler;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.reply.EdgeError;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The path of a request through the edge: these steps, in this order. */
public final class RequestPath implements RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);

    private final ExchangeContext surroundings;
    private final List<Step> steps;

    public RequestPath(ExchangeContext surroundings) {
        this.surroundings = surroundings;
        this.steps = List.of(
                new FindClient(),
                new LimitRate(),
                new CheckMessage(),
                new AnswerReserved(),
                new FindHost(),
                new CheckMaintenance(),
                new LimitBody(),
                new CountHops(),
                new StopLoops(),
                new FindOrigins(),
                new AskOrigin());
    }

    @Override
    public void take(ClientStream request) {
        walk(new Exchange(request, surroundings), 0);
    }

    @Override
    public void refuse(ClientStream request, HeadFault fault) {
        surroundings.counters().count(Event.REQUESTS_MALFORMED);
        Exchange exchange = new Exchange(request, surroundings);
        if (LimitRate.take(exchange, fault) instanceof Verdict.Refuse limited) {
            OwnAnswer.refuse(exchange, limited.error(), limited.detail());
        } else {
            OwnAnswer.refuse(exchange, error(fault), "Here " + fault.sentence() + ".");
        }
    }

    private static EdgeError error(HeadFault fault) {
        return switch (fault) {
            case TARGET_TOO_LONG -> EdgeError.URI_TOO_LONG;
            case HEADER_TOO_LONG, HEADERS_TOO_LONG -> EdgeError.HEADERS_TOO_LARGE;
            case UNKNOWN_CODING -> EdgeError.NOT_IMPLEMENTED;
            case BAD_VERSION -> EdgeError.VERSION_NOT_SUPPORTED;
            default -> EdgeError.BAD_REQUEST;
        };
    }

    private void walk(Exchange exchange, int from) {
        for (int i = from; i < steps.size(); i++) {
            if (!goesOn(exchange, i, verdict(exchange, steps.get(i)))) {
                return;
            }
        }
    }

    private Verdict verdict(Exchange exchange, Step step) {
        try {
            return step.take(exchange);
        } catch (RuntimeException e) {
            return failed(exchange, e);
        }
    }

    private static Verdict failed(Exchange exchange, Throwable failure) {
        LOG.error("Request {} failed inside the edge", exchange.ray().toString(), failure);
        return Verdict.refuse(EdgeError.INTERNAL);
    }

    private boolean goesOn(Exchange exchange, int at, Verdict verdict) {
        if (exchange.isOver()) {
            return false;
        }
        return switch (verdict) {
            case Verdict.Next next -> true;
            case Verdict.Taken taken -> false;
            case Verdict.Answer answer -> {
                OwnAnswer.send(exchange, answer.reply());
                yield false;
            }
            case Verdict.Close close -> {
                OwnAnswer.close(exchange);
                yield false;
            }
            case Verdict.Refuse refuse -> {
                OwnAnswer.refuse(exchange, refuse.error(), refuse.detail());
                yield false;
            }
            case Verdict.Later later -> {
                later.verdict()
                        .onComplete(
                                found -> resume(exchange, at, found),
                                failure -> resume(exchange, at, failed(exchange, failure)));
                yield false;
            }
        };
    }

    private void resume(Exchange exchange, int at, Verdict verdict) {
        if (goesOn(exchange, at, verdict)) {
            walk(exchange, at + 1);
        }
    }
}
