package io.anycastle.app.api;

/** Ends a call early with an error for the client; caught in one place, {@link ApiExchange}. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    ApiException(ApiError error) {
        super(error.details().getFirst().message(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }
}
