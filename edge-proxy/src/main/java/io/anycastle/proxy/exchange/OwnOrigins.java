package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.ClientConnection;
import org.jspecify.annotations.Nullable;

/** What a client connection has of origin connections that no other client's requests travel on. Belongs to it and its event loop. */
final class OwnOrigins {
    /** Where a login belongs to the connection. */
    @Nullable
    Login login;

    /** Where origins are told who the client is. */
    @Nullable
    ToldOrigins told;

    private OwnOrigins() {}

    /** Null where there was never need for any. */
    static @Nullable OwnOrigins of(ClientConnection owner) {
        return (OwnOrigins) owner.kept();
    }

    static OwnOrigins make(ClientConnection owner) {
        OwnOrigins held = of(owner);
        if (held != null) {
            return held;
        }
        OwnOrigins made = new OwnOrigins();
        owner.keep(made);
        return made;
    }
}
