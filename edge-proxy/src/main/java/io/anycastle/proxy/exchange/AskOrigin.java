package io.anycastle.proxy.exchange;

/** Hands the request over to its {@link Forwarding}, which answers it. */
final class AskOrigin implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        new Forwarding(exchange).begin();
        return Verdict.TAKEN;
    }
}
