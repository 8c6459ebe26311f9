package io.anycastle.core.rdata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Printable ASCII text.
 *
 * @param prefixed whether a length octet stands before it on the wire, which limits it to 255 characters
 * @param token whether it is letters and digits only and written without quotes
 */
record TextField(String key, boolean prefixed, boolean token) implements FieldForm {
    private static final int PREFIXED_CHARS_MAX = 255;
    private static final int UNPREFIXED_CHARS_MAX = 2048;

    static TextField prefixed(String key) {
        return new TextField(key, true, false);
    }

    static TextField unprefixed(String key) {
        return new TextField(key, false, false);
    }

    static TextField token(String key) {
        return new TextField(key, true, true);
    }

    private int charsMax() {
        return prefixed ? PREFIXED_CHARS_MAX : UNPREFIXED_CHARS_MAX;
    }

    @Override
    public String expected() {
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
        boolean fits = token
                ? !value.isEmpty() && value.chars().allMatch(TextField::isLetterOrDigit)
                : value.chars().allMatch(c -> c >= 32 && c < 127);
        if (!fits || value.length() > charsMax()) {
            throw new InvalidField("expected " + expected());
        }
        return value;
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
