package io.anycastle.app.api;

/** Answers one kind of call. Runs on a virtual thread and may block. */
@FunctionalInterface
interface Endpoint {
    /** What an endpoint wants of the request body. */
    enum Wants {
        /** A body is read past and ignored; some clients send one with GET and DELETE. */
        NOTHING,
        JSON,

        /** A zone file. */
        UPLOAD,

        /** A whole store. */
        BACKUP
    }

    /** @throws ApiException to end the call with an error */
    ApiReply answer(Call call);
}
