package io.anycastle.core.rdata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/** One field of a record's data: how it is spelled, what the API shows, its octets. Its value is an Integer or a String. */
sealed interface FieldForm permits NumberField, NameField, TextField, BinaryField, WordField, TypesField {
    /** As the API's {@code data} object names it. */
    String key();

    /** What is expected of the field, for a message that it is missing. */
    String expected();

    /**
     * The value that a word of the presentation form spells.
     *
     * @throws InvalidFieldException saying what was expected
     */
    Object fromWord(String raw, TargetNames names);

    /**
     * The value that the API's {@code data} object gives: a Number, a String or a Boolean.
     *
     * @throws InvalidFieldException saying what was expected
     */
    Object fromValue(Object given, TargetNames names);

    /**
     * The value of octets, which are left behind.
     *
     * @throws InvalidFieldException when they are none
     * @throws java.nio.BufferUnderflowException when there are not enough
     */
    Object read(ByteBuffer wire);

    /** The value as the presentation form spells it. */
    String text(Object value);

    void write(Object value, ByteArrayOutputStream out);

    /** Checks the value against the fields before it, for instance a digest's length against its type. */
    default void checkAgainst(Map<String, Object> before, Object value) {}

    /** Whether the field takes all words that are left. */
    default boolean isTail() {
        return false;
    }

    /** Whether a tail may be no word at all. */
    default boolean isOptional() {
        return false;
    }
}
