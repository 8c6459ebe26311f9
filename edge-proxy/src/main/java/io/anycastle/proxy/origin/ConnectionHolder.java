package io.anycastle.proxy.origin;

/** Who gives a connection to an origin its requests. On its event loop. */
interface ConnectionHolder {
    /** The connection takes another request. */
    void freed(Http1OriginConnection connection);

    /** It takes none any more, and its place is free. */
    void ended(Http1OriginConnection connection);
}
