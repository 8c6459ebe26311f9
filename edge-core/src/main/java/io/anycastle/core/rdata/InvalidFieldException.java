package io.anycastle.core.rdata;

/** One field's value is not what it must be; the message says what was expected. */
final class InvalidFieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidFieldException(String rule) {
        super(rule);
    }

    String rule() {
        return String.valueOf(getMessage());
    }

    /** Expected where users mistype in bulk: the trace would cost more than the parse. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
