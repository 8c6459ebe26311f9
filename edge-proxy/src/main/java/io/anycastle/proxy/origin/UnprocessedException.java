package io.anycastle.proxy.origin;

import java.io.IOException;

/** An origin has done nothing with a request, and says so: it may be sent again, whatever its method (RFC 9113 section 8.7). */
public final class UnprocessedException extends IOException {
    UnprocessedException(String why) {
        super(why);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // it happens most when there is least time for it
    }
}
