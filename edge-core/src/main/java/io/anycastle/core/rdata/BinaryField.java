package io.anycastle.core.rdata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * Octets up to the end of the data, spelled in hexadecimal or base64, with blanks anywhere.
 *
 * @param prefix what stands before the digits, whose groups then may have dots between
 * @param sizeKey the field before it that says how many octets there must be, or empty
 * @param sizes octets per value of that field; values that are not here leave the size open
 */
record BinaryField(String key, boolean hexadecimal, String prefix, String sizeKey, Map<Integer, Integer> sizes)
        implements FieldForm {
    private static final int OCTETS_MAX = 16_384;

    static BinaryField hex(String key) {
        return new BinaryField(key, true, "", "", Map.of());
    }

    /** Hexadecimal digits behind {@code 0x} (RFC 1706 section 5). */
    static BinaryField hexPrefixed(String key) {
        return new BinaryField(key, true, "0x", "", Map.of());
    }

    static BinaryField base64(String key) {
        return new BinaryField(key, false, "", "", Map.of());
    }

    BinaryField sizedBy(String sizeField, Map<Integer, Integer> octets) {
        return new BinaryField(key, hexadecimal, prefix, sizeField, octets);
    }

    @Override
    public String expected() {
        return hexadecimal
                ? "hexadecimal digits, two for each octet" + (prefix.isEmpty() ? "" : ", behind " + prefix)
                : "base64";
    }

    @Override
    public String fromWord(String raw, TargetNames names) {
        return checked(decoded(raw));
    }

    private String checked(byte[] octets) {
        if (octets.length == 0 || octets.length > OCTETS_MAX) {
            throw new InvalidFieldException("expected " + expected() + ", from 1 to " + OCTETS_MAX + " octets");
        }
        return encoded(octets);
    }

    private byte[] decoded(String raw) {
        String digits = raw.replaceAll("[ \t]", "");
        if (!prefix.isEmpty()) {
            if (!digits.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                throw new InvalidFieldException("expected " + expected());
            }
            digits = digits.substring(prefix.length()).replace(".", "");
        }
        try {
            return hexadecimal
                    ? HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT))
                    : Base64.getDecoder().decode(digits);
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException("expected " + expected());
        }
    }

    private String encoded(byte[] octets) {
        return hexadecimal
                ? prefix + HexFormat.of().formatHex(octets)
                : Base64.getEncoder().encodeToString(octets);
    }

    @Override
    public String fromValue(Object given, TargetNames names) {
        return fromWord(given.toString(), names);
    }

    @Override
    public String read(ByteBuffer wire) {
        byte[] octets = new byte[wire.remaining()];
        wire.get(octets);
        return checked(octets);
    }

    @Override
    public void checkAgainst(Map<String, Object> before, Object value) {
        if (!(before.get(sizeKey) instanceof Integer kind)) {
            return;
        }
        Integer size = sizes.get(kind);
        int octets = decoded(value.toString()).length;
        if (size != null && size != octets) {
            throw new InvalidFieldException(
                    "expected " + size + " octets for " + sizeKey + " " + kind + ", not " + octets);
        }
    }

    @Override
    public String text(Object value) {
        return value.toString();
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        out.writeBytes(decoded(value.toString()));
    }

    @Override
    public boolean isTail() {
        return true;
    }
}
