package io.anycastle.proxy.origin;

/** As many connections to an origin as are allowed are in use, and as many requests as may wait for one do. */
final class OriginBusyException extends RuntimeException {
    OriginBusyException(String what) {
        super(what);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // it happens most when there is least time for it
    }
}
