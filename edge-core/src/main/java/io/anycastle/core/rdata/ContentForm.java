package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.RecordType;
import java.nio.BufferUnderflowException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How the content of a record type is spelled, stored and put on the wire. Stateless; any thread. */
public sealed interface ContentForm
        permits AddressForm,
                FieldsForm,
                GenericForm,
                LocationForm,
                PrefixesForm,
                RelayForm,
                ServiceBindingForm,
                TextForm {
    /** The type's form. */
    static ContentForm of(RecordType type) {
        return ContentForms.of(type);
    }

    /** Whether the type's data is character strings, each of which is one word in a master file. */
    static boolean isText(RecordType type) {
        return of(type) instanceof TextForm;
    }

    /**
     * Reads the presentation form, or that of octets that any type can have (RFC 3597 section 5), and makes sure that the text which is
     * stored gives the same octets again.
     *
     * @throws InvalidContentException naming every field that is wrong
     */
    static RecordContent read(RecordType type, String content, OptionalInt priority, TargetNames names) {
        RecordContent read =
                OctetsText.isMarked(content) ? unpacked(type, content) : of(type).fromContent(content, priority, names);
        return spelled(type, content, read);
    }

    /**
     * The content, if its text is accepted again and gives the same octets.
     *
     * @param given for the message that it does not
     */
    static RecordContent spelled(RecordType type, String given, RecordContent read) {
        Optional<InvalidContentException> refusal = Optional.empty();
        try {
            RecordParser.checkPlain(read.text(), false);
            RecordContent again = OctetsText.isMarked(read.text())
                    ? unpacked(type, read.text())
                    : of(type).fromContent(read.text(), read.priority(), TargetNames.ABSOLUTE);
            if (again.equals(read)) {
                return read;
            }
        } catch (InvalidContentException e) {
            refusal = Optional.of(e);
        }
        String reason = refusal.map(e -> ": " + e.errors().getFirst().rule()).orElse("");
        throw InvalidContentException.content(given, "no text gives these octets again" + reason);
    }

    private static RecordContent unpacked(RecordType type, String content) {
        byte[] octets = OctetsText.read(content)
                .orElseThrow(() -> InvalidContentException.content(content, "expected " + OctetsText.EXPECTED));
        String rule;
        try {
            RecordContent read = of(type).fromOctets(octets);
            if (OctetsText.areSame(octets, read.rdata().wire())) {
                return read;
            }
            rule = "they have more than one form, and this is not the one that is written";
        } catch (InvalidFieldException e) {
            rule = e.rule();
        } catch (BufferUnderflowException e) {
            rule = "end of input";
        }
        throw InvalidContentException.content(
                content, "expected data of type " + type + ", or " + OctetsText.EXPECTED + ": " + rule);
    }

    /**
     * Reads the octets of the type's data, all of them.
     *
     * @throws InvalidFieldException saying what is wrong with them
     * @throws BufferUnderflowException when they end too early
     */
    RecordContent fromOctets(byte[] octets);

    /**
     * Reads the presentation form. For a type with a priority the text may begin with it; that one then wins over the argument.
     *
     * @throws InvalidContentException naming every field that is wrong
     */
    RecordContent fromContent(String content, OptionalInt priority, TargetNames names);

    /**
     * Reads the API's {@code data} object; keys that the type does not know are ignored. A priority in it wins over the argument.
     *
     * @throws InvalidContentException naming every field that is wrong, or saying that the type has no such object
     */
    default RecordContent fromData(Map<String, Object> data, OptionalInt priority, TargetNames names) {
        throw InvalidContentException.of("data", data.toString(), "this type has no data object; give its content");
    }

    /** The API's {@code data} object of stored content, in the API's order of keys; empty when the type has none. */
    default Map<String, Object> data(RecordContent stored) {
        return Map.of();
    }

    /** Stored content as a master file spells it, in ASCII: the priority first, and a final dot on each name. */
    default String masterFileText(RecordContent stored) {
        return stored.text();
    }

    /** Whether the API shows a {@code data} object for the type. */
    default boolean hasData() {
        return false;
    }

    /** Whether records of the type have a priority. */
    default boolean hasPriority() {
        return false;
    }

    /** The octets of stored content, as when a journal is read again. */
    default Rdata rdata(String content, OptionalInt priority) {
        return fromContent(content, priority, TargetNames.ABSOLUTE).rdata();
    }
}
