package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The origin's side of one exchange: a request goes, an answer comes. Belongs to its event loop. */
public interface OriginStream {
    /** Begins the request with that method and target; its fields follow, then {@link #endHead}. */
    FieldWriter request(RequestHead line);

    /**
     * Ends the request's head.
     *
     * @param length of its body in octets, which its fields tell too, or one of {@link BodyLength}; 0 for none
     */
    void endHead(long length);

    /** Queues a piece of the request's body, which is the stream's to release. */
    void write(ByteBuf piece);

    /** Ends the request behind what is queued. In a tunnel: nothing more goes to the origin, what it says is heard. */
    void endRequest(@Nullable Fields trailers);

    /** Sends what is queued. */
    void flush();

    /** Whether the origin takes the request as fast as it comes. */
    boolean isWritable();

    /** Reads no more of the answer for now. */
    void pause();

    void resume();

    /** What is spoken with the origin. */
    HttpVersion version();

    /** Whether the connection has carried a request before, so that its origin may be just closing it. */
    boolean isKept();

    /** Runs the action after the event loop has looked once more at all its sockets: an end that came meanwhile is known then. */
    void afterLook(Runnable action);

    /** Lets the answer under way be the connection's last, where it has one at a time. */
    void useLast();

    /** Whether the origin, by the head of its answer, takes another request on the connection. */
    boolean staysOpen();

    /** Ends a tunnel on this side behind what is queued; nothing more is heard. */
    void closeTunnel();

    /** Gives the exchange up, even when the origin takes nothing more of what is queued for it; nothing more is heard. */
    void abandon();
}
