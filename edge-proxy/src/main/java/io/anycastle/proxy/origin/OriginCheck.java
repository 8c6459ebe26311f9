package io.anycastle.proxy.origin;

/** What health checks have found of an origin. Any thread; never blocks. */
public interface OriginCheck {
    /** Whether it is not to be asked. */
    boolean isOut();

    /**
     * When it went out, or came back, the last time.
     *
     * @param never what is returned where it never did
     */
    long changedNanos(long never);
}
