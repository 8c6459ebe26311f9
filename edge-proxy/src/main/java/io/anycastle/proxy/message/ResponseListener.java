package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears what happens to a request and its answer on the origin's side. On the stream's event loop. */
public interface ResponseListener {
    /** All connections there may be are in use: the request waits for one from now on. */
    default void queued() {}

    /** There is a connection: the request may go. */
    void connected(OriginStream stream);

    /** There is none; nothing else is heard. */
    void connectFailed(Throwable failure);

    /** An answer that comes before the answer; valid during the call. */
    void interim(ResponseHead head);

    /**
     * The answer's head; valid until the answer has ended.
     *
     * @param length of its body in octets, or one of {@link BodyLength}
     */
    void answered(ResponseHead head, long length);

    /** A piece of the answer's body, which is the listener's to release. */
    void body(ByteBuf piece);

    /**
     * The answer has come whole; in a tunnel, the origin says nothing any more.
     *
     * @param trailers fields behind the body, valid during the call; null without any
     */
    void ended(@Nullable Fields trailers);

    /** Several pieces may have come: now is the time to flush what was made of them. */
    void readComplete();

    /** The origin takes more of the request again. */
    void writable();

    /** The exchange failed before its answer was whole; nothing else is heard. */
    void failed(Throwable failure);
}
