package io.anycastle.core.rdata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Printable ASCII text.
 *
 * @param prefixed whether a length octet stands before it on the wire, which limits it to 255 characters
 * @param token whether it is letters and digits only and written without quotes
 * @param digits whether it is decimal digits, at least four (RFC 1183 section 3.1)
 */
record TextField(String key, boolean prefixed, boolean token, boolean digits) implements FieldForm {
    private static final int PREFIXED_CHARS_MAX = 255;
    private static final int UNPREFIXED_CHARS_MAX = 2048;

    static TextField prefixed(String key) {
        return new TextField(key, true, false, false);
    }

    static TextField unprefixed(String key) {
        return new TextField(key, false, false, false);
    }

    static TextField token(String key) {
        return new TextField(key, true, true, false);
    }

    static TextField digits(String key) {
        return new TextField(key, true, false, true);
    }

    private int charsMax() {
        return prefixed ? PREFIXED_CHARS_MAX : UNPREFIXED_CHARS_MAX;
    }

    @Override
    public String expected() {
        if (digits) {
            return "decimal digits, from 4 to " + PREFIXED_CHARS_MAX;
        }
        return token ? "a word of letters and digits" : "printable ASCII text of at most " + charsMax() + " characters";
    }

    @Override
    public String fromWord(String raw, TargetNames names) {
        return checked(new String(ContentTokens.unescape(raw), StandardCharsets.UTF_8));
    }

    @Override
    public String fromValue(Object given, TargetNames names) {
        return checked(given.toString());
    }

    private String checked(String value) {
        boolean fits = digits
                ? value.matches("[0-9]{4,}")
                : token
                        ? !value.isEmpty() && value.chars().allMatch(TextField::isLetterOrDigit)
                        : value.chars().allMatch(c -> c >= 32 && c < 127);
        if (!fits || value.length() > charsMax()) {
            throw new InvalidFieldException("expected " + expected());
        }
        return value;
    }

    @Override
    public String read(ByteBuffer wire) {
        byte[] octets = new byte[prefixed ? wire.get() & 255 : wire.remaining()];
        wire.get(octets);
        return checked(new String(octets, StandardCharsets.ISO_8859_1));
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    @Override
    public String text(Object value) {
        String text = value.toString();
        return token ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        byte[] ascii = value.toString().getBytes(StandardCharsets.US_ASCII);
        if (prefixed) {
            out.write(ascii.length);
        }
        out.writeBytes(ascii);
    }
}
