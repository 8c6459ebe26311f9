package io.anycastle.proxy.exchange;

/** One stage of a request's path. Runs on the request's event loop and never blocks. */
@FunctionalInterface
public interface Step {
    Verdict take(Exchange exchange);
}
