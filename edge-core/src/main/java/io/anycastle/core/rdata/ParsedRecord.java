package io.anycastle.core.rdata;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.Record;
import java.util.List;

/** What became of a draft. */
public sealed interface ParsedRecord {
    /** The record, checked and in its stored form; rules across records are not its business. */
    record Valid(Record record) implements ParsedRecord {}

    /** Everything that is wrong with the draft, at least one error. */
    record Invalid(List<FieldError> errors) implements ParsedRecord {
        public Invalid {
            errors = List.copyOf(errors);
        }
    }
}
