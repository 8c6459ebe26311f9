package io.anycastle.proxy.exchange;

import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.Reply;
import io.vertx.core.Future;

/** What a step says: how the request goes on. */
public sealed interface Verdict {
    Verdict NEXT = new Next();
    Verdict TAKEN = new Taken();

    /** On to the next step. */
    record Next() implements Verdict {}

    /** The step answers by itself from here on. */
    record Taken() implements Verdict {}

    /** The edge answers this, and the path ends. */
    record Answer(Reply reply) implements Verdict {}

    /**
     * The edge answers an error, and the path ends.
     *
     * @param detail one more sentence for the page, or empty
     */
    record Refuse(EdgeError error, String detail) implements Verdict {}

    /** The client gets no answer, and its connection ends. */
    record Close() implements Verdict {}

    /** The verdict comes later, on the same event loop; a failed future is an internal error. */
    record Later(Future<Verdict> verdict) implements Verdict {}

    static Verdict refuse(EdgeError error) {
        return new Refuse(error, "");
    }
}
