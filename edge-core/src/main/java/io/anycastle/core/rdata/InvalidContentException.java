package io.anycastle.core.rdata;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import java.util.List;

/** Content that its type does not allow; names every field that is wrong. */
public final class InvalidContentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    InvalidContentException(List<FieldError> errors) {
        super(errors.getFirst().sentence());
        this.errors = List.copyOf(errors);
    }

    static InvalidContentException content(String value, String rule) {
        return of("content", value, rule);
    }

    static InvalidContentException of(String field, String value, String rule) {
        return new InvalidContentException(List.of(new FieldError(field, value, rule, Kind.INVALID_CONTENT)));
    }

    /** At least one. */
    public List<FieldError> errors() {
        return errors;
    }

    /** Expected where users mistype in bulk: the trace would cost more than the parse. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
