package io.anycastle.proxy.reply;

/** What a request is answered whose host no active zone has, or that names an address instead of a host. */
public sealed interface UnknownHost {
    /** The page that says so. */
    record Page() implements UnknownHost {}

    /** 404, without a word on why. */
    record NotFound() implements UnknownHost {}

    /** Nothing: the connection is closed. */
    record Close() implements UnknownHost {}

    /** 302, to an absolute URL. */
    record Redirect(String url) implements UnknownHost {}
}
