package io.anycastle.core.rdata;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import java.util.List;

/** Content that its type does not allow; names every field that is wrong. */
public final class InvalidContent extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    InvalidContent(List<FieldError> errors) {
        super(errors.getFirst().sentence());
        this.errors = List.copyOf(errors);
    }

    static InvalidContent content(String value, String rule) {
        return of("content", value, rule);
    }

    static InvalidContent of(String field, String value, String rule) {
        return new InvalidContent(List.of(new FieldError(field, value, rule, Kind.INVALID_CONTENT)));
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
