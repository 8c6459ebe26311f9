package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.RecordType;
import java.util.Map;
import java.util.OptionalInt;

/** How the content of a record type is spelled, stored and put on the wire. Stateless; any thread. */
public sealed interface ContentForm permits AddressForm, FieldsForm, LocationForm, ServiceBindingForm, TextForm {
    /** The type's form. */
    static ContentForm of(RecordType type) {
        return ContentForms.of(type);
    }

    /**
     * Reads the presentation form. For a type with a priority the text may begin with it; that one then wins over the argument.
     *
     * @throws InvalidContent naming every field that is wrong
     */
    RecordContent fromContent(String content, OptionalInt priority, TargetNames names);

    /**
     * Reads the API's {@code data} object; keys that the type does not know are ignored. A priority in it wins over the argument.
     *
     * @throws InvalidContent naming every field that is wrong, or saying that the type has no such object
     */
    RecordContent fromData(Map<String, Object> data, OptionalInt priority, TargetNames names);

    /** The API's {@code data} object of stored content, in the API's order of keys; empty when the type has none. */
    Map<String, Object> data(RecordContent stored);

    /** Stored content as a master file spells it, in ASCII: the priority first, and a final dot on each name. */
    default String masterFileText(RecordContent stored) {
        return stored.text();
    }

    /** Whether the API shows a {@code data} object for the type. */
    boolean hasData();

    /** Whether records of the type have a priority. */
    boolean hasPriority();

    /** The octets of stored content, as when a journal is read again. */
    default Rdata rdata(String content, OptionalInt priority) {
        return fromContent(content, priority, TargetNames.ABSOLUTE).rdata();
    }
}
