package io.anycastle.core.rdata;

import io.anycastle.core.model.TypeMnemonics;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A fixed number of octets, spelled as one word.
 *
 * @param reader the octets of a word; empty when it is none
 * @param printer the word of octets
 */
record WordField(
        String key,
        String expected,
        int octets,
        Function<String, Optional<byte[]>> reader,
        Function<byte[], String> printer)
        implements FieldForm {
    /** Two hexadecimal digits for each octet, with hyphens between (RFC 7043 sections 3.2 and 4.2). */
    static WordField hyphened(String key, int octets) {
        Pattern form = Pattern.compile("[0-9a-fA-F]{2}(-[0-9a-fA-F]{2}){" + (octets - 1) + "}");
        return new WordField(
                key,
                octets + " octets of two hexadecimal digits with hyphens between",
                octets,
                word -> form.matcher(word).matches() ? Optional.of(hex(word.replace("-", ""))) : Optional.empty(),
                HexFormat.ofDelimiter("-")::formatHex);
    }

    /** Four groups of up to four hexadecimal digits with colons between (RFC 6742 section 2). */
    static WordField groups(String key) {
        Pattern form = Pattern.compile("[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){3}");
        return new WordField(
                key,
                "four groups of hexadecimal digits with colons between, like 0014:4fff:ff20:ee64",
                8,
                word -> form.matcher(word).matches() ? Optional.of(hex(padded(word))) : Optional.empty(),
                wire -> HexFormat.of().formatHex(wire).replaceAll("(....)(?!$)", "$1:"));
    }

    static WordField ipv4(String key) {
        return new WordField(
                key,
                "four decimal parts, like 10.1.2.0",
                4,
                Addresses::ipv4,
                wire -> (wire[0] & 255) + "." + (wire[1] & 255) + "." + (wire[2] & 255) + "." + (wire[3] & 255));
    }

    static WordField thirtyTwoBits(String key) {
        return new WordField(
                key,
                "a whole number from 0 to 4294967295",
                4,
                WordField::unsigned,
                wire -> Integer.toUnsignedString(ByteBuffer.wrap(wire).getInt()));
    }

    /** A type's mnemonic, {@code TYPE} and a number, or the number. */
    static WordField type(String key) {
        return new WordField(
                key,
                "a type's mnemonic, or TYPE and its number",
                2,
                word -> word.matches("[0-9]{1,5}")
                        ? type2(TypeMnemonics.code("TYPE" + word))
                        : type2(TypeMnemonics.code(word)),
                wire -> TypeMnemonics.of(ByteBuffer.wrap(wire).getShort() & 0xffff));
    }

    /** @param names that stand for a number, upper case */
    static WordField octet(String key, Map<String, Integer> names) {
        NumberField number = NumberField.octet(key).called(names);
        return new WordField(
                key,
                number.expected() + ", or " + String.join(", ", names.keySet()),
                1,
                word -> octet(number, word),
                wire -> names.entrySet().stream()
                        .filter(name -> name.getValue() == (wire[0] & 255))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(Integer.toString(wire[0] & 255)));
    }

    private static Optional<byte[]> octet(NumberField number, String word) {
        try {
            return Optional.of(
                    new byte[] {number.fromWord(word, TargetNames.ABSOLUTE).byteValue()});
        } catch (InvalidFieldException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> type2(OptionalInt code) {
        return code.isPresent()
                ? Optional.of(new byte[] {(byte) (code.getAsInt() >> 8), (byte) code.getAsInt()})
                : Optional.empty();
    }

    private static Optional<byte[]> unsigned(String word) {
        boolean fits = word.matches("[0-9]{1,10}") && Long.parseLong(word) <= 0xffff_ffffL;
        return fits
                ? Optional.of(ByteBuffer.allocate(4)
                        .putInt((int) Long.parseLong(word))
                        .array())
                : Optional.empty();
    }

    private static String padded(String groups) {
        StringBuilder digits = new StringBuilder();
        for (String group : groups.split(":")) {
            digits.append("0".repeat(4 - group.length())).append(group);
        }
        return digits.toString();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT));
    }

    @Override
    public String fromWord(String raw, TargetNames names) {
        return printer.apply(wire(raw));
    }

    private byte[] wire(String word) {
        return reader.apply(word)
                .orElseThrow(() -> new InvalidFieldException("expected " + expected + ", not '" + word + "'"));
    }

    @Override
    public String fromValue(Object given, TargetNames names) {
        return fromWord(given.toString(), names);
    }

    @Override
    public String read(ByteBuffer wire) {
        byte[] word = new byte[octets];
        wire.get(word);
        return printer.apply(word);
    }

    @Override
    public String text(Object value) {
        return value.toString();
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        out.writeBytes(wire(value.toString()));
    }
}
