package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears what happens to a request and its answer on the client's side. On the stream's event loop. */
public interface RequestListener {
    /** A piece of the request's body, which is the listener's to release. */
    void uploaded(ByteBuf piece);

    /**
     * The request's body has come whole; in a tunnel, the client says nothing any more.
     *
     * @param trailers fields behind the body, valid during the call; null without any
     */
    void uploadEnded(@Nullable Fields trailers);

    /** The request's body breaks the grammar: no more of it comes. */
    void uploadMalformed();

    /** Several pieces may have come: now is the time to flush what was made of them. */
    void clientReadComplete();

    /** The client takes more of the answer again. */
    void clientWritable();

    /** The client has taken the answer's last octet, or the kernel keeps it for it; nothing else is heard. */
    void sent();

    /** The client is gone, or the wire has given it up; nothing else is heard. */
    void gone();

    /**
     * The node stops: what does not end by itself is to be ended.
     *
     * @param hasTime whether there is time for that; else the client's connection is cut behind the call
     */
    default void stops(boolean hasTime) {}

    /** Looks at deadlines; called a few times within the shortest of them. */
    void expire(long nowNanos);
}
