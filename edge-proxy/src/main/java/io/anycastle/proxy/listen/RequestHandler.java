package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.ClientStream;

/** Who takes the requests of an event loop. */
public interface RequestHandler {
    /** Takes a request whose head is well formed. */
    void take(ClientStream request);

    /** Answers a request whose head is not; what is known of it is not to be trusted. */
    void refuse(ClientStream request, HeadFault fault);
}
