package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange: a request comes, an answer goes. Nothing of it is read before {@link #resumeBody}. Belongs to its event
 * loop.
 */
public interface ClientStream {
    /** Valid until the exchange has ended. */
    RequestHead head();

    ClientConnection connection();

    /** The length of the request's body in octets, or {@link BodyLength#UNKNOWN}; 0 when there is none. */
    long bodyLength();

    /** Whether the request's body has come whole. */
    boolean isBodyEnded();

    /** Who hears of the exchange from now on. */
    void listen(RequestListener listener);

    void resumeBody();

    void pauseBody();

    /**
     * Begins an answer that comes before the answer; its fields follow, then {@link #endInterim}.
     *
     * @return null when the client does not take it now: the answer is not sent then
     */
    @Nullable
    FieldWriter interim(ResponseHead head);

    void endInterim();

    /** Begins the answer; its fields follow, then {@link #endHead}. */
    FieldWriter answer(int status, String reason);

    /** Begins the answer with an origin's status and reason. */
    FieldWriter answer(ResponseHead head);

    /**
     * Ends the answer's head.
     *
     * @param length of its body in octets, which its fields tell too, or one of {@link BodyLength}
     * @param isLast whether the connection ends behind the answer, where the wire knows that
     */
    void endHead(long length, boolean isLast);

    /** Queues a piece of the answer's body, which is the stream's to release. */
    void write(ByteBuf piece);

    /**
     * Ends the answer behind what is queued; what still comes of the request is taken and dropped. In a tunnel: nothing more goes to the
     * client, what it says is heard.
     */
    void endAnswer(@Nullable Fields trailers);

    /** Sends what is queued; while what the client sent is being read, at the end of that. */
    void flush();

    /** Whether what the client sent is being read: the listener hears of its end. */
    boolean isReading();

    /** Whether the client takes the answer as fast as it comes. */
    boolean isWritable();

    /** The answer's status; 0 before it has begun. */
    int status();

    /** Octets of the request's body so far. */
    long bytesRead();

    /** Octets of the answer's body so far. */
    long bytesWritten();

    /** Ends the stream so that the client cannot take what it has received for a complete answer. */
    void abort();

    /** Ends a tunnel on this side behind what is queued. */
    void closeTunnel();
}
