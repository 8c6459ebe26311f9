package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.RecordType;
import java.util.Map;
import java.util.OptionalInt;

/** How the content of a record type is spelled, stored and put on the wire. Stateless; any thread. */
public sealed interface ContentForm
        permits AddressForm, FieldsForm, GenericForm, LocationForm, ServiceBindingForm, TextForm {
    /** The type's form. */
    static ContentForm of(RecordType type) {
        return ContentForms.of(type);
    }

    /**
     * Reads the presentation form, or that of octets that any type can have (RFC 3597 section 5). In TXT the latter is text like any other.
     *
     * @throws InvalidContent naming every field that is wrong
     */
    static RecordContent read(RecordType type, String content, OptionalInt priority, TargetNames names) {
        boolean isOctets = type != RecordType.TXT && GenericForm.isMarked(content);
        return isOctets ? fromOctets(type, content) : of(type).fromContent(content, priority, names);
    }

    /**
     * Reads {@code \\#}, the number of octets and the octets in hexadecimal.
     *
     * @throws InvalidContent when they are no data of the type
     */
    static RecordContent fromOctets(RecordType type, String content) {
        ContentForm form = of(type);
        if (form instanceof GenericForm) {
            return form.fromContent(content, OptionalInt.empty(), TargetNames.ABSOLUTE);
        }
        return form.fromContent(GenericForm.unpacked(type, content), OptionalInt.empty(), TargetNames.ABSOLUTE);
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
