package io.anycastle.proxy.listen;

/** What keeps a client connection busy and knows its own deadlines. */
public interface DeadlineHolder {
    /** Called now and then on the connection's event loop; ends itself when a deadline has passed. */
    void expire(long nowNanos);
}
