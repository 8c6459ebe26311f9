package io.anycastle.core.model;

import java.net.IDN;
import java.util.Locale;

/**
 * Names between their spelling and their octets. Inside, a name is a text with one character for each octet of its labels, in lower case,
 * and dots between the labels; a dot that is an octet of a label is {@link #LABEL_DOT}. Spelled, an octet that could be taken for
 * something else is {@code \c} or {@code \DDD} (RFC 4343 section 2.1).
 */
final class NameSpelling {
    /** The octet 0x2e of a label, as against the dot between labels. */
    static final char LABEL_DOT = '\u0100';

    /**
     * How Amazon Route 53, and what is exported from there, writes a wildcard. By RFC 1035 it would be the digit 4, which nobody escapes; so
     * it is an asterisk as the whole of a name's first label, and the digit anywhere else.
     */
    private static final String OCTAL_ASTERISK = "\\052";

    private static final String CONTROL = "spell blanks and control characters \\DDD, three digits for the octet";
    private static final String ESCAPED_LATER = "\"().;@$\\";

    private NameSpelling() {}

    /**
     * The octets of a spelled name without its final dot; their number and that of the labels are not checked.
     *
     * @throws InvalidNameException saying which rule the spelling breaks
     */
    static String read(String spelled, String text) {
        if (isPlain(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (text.contains("://")) {
            throw new InvalidNameException(spelled, "expected a name, not a URL");
        }
        return text.indexOf('\\') < 0 ? toAscii(spelled, text) : unescaped(spelled, text);
    }

    /** Whether it has letters, digits and the other usual characters only, so that it is spelled as it is. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '*'
                    || c == '.';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static String toAscii(String spelled, String text) {
        String ascii = text;
        if (!text.chars().allMatch(c -> c < 128)) {
            try {
                ascii = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException e) {
                throw new InvalidNameException(spelled, "the name cannot be written in punycode");
            }
        }
        if (!ascii.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InvalidNameException(spelled, CONTROL);
        }
        return ascii.toLowerCase(Locale.ROOT);
    }

    /** Label by label: in one with escapes there is nothing but octets, any other may be of any script. */
    private static String unescaped(String spelled, String text) {
        StringBuilder octets = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                String label = text.substring(start, i);
                octets.append(
                        start == 0 && label.equals(OCTAL_ASTERISK)
                                ? "*"
                                : label.indexOf('\\') < 0 ? toAscii(spelled, label) : label(spelled, label));
                octets.append(i == text.length() ? "" : ".");
                start = i + 1;
            } else if (text.charAt(i) == '\\') {
                i = Math.min(i + 1, text.length() - 1);
            }
        }
        return octets.toString();
    }

    private static String label(String spelled, String label) {
        StringBuilder octets = new StringBuilder(label.length());
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (c == '\\') {
                int octet = escape(spelled, label, i + 1);
                i += Character.isDigit(label.charAt(i + 1)) ? 3 : 1;
                octets.append(octet(octet));
            } else {
                octets.append(octet(printable(spelled, c)));
            }
        }
        return octets.toString();
    }

    private static int escape(String spelled, String label, int at) {
        if (at == label.length()) {
            throw new InvalidNameException(spelled, "a backslash must be followed by a character or by three digits");
        }
        char c = label.charAt(at);
        if (c < '0' || c > '9') {
            return printable(spelled, c);
        }
        String digits = label.substring(at, Math.min(at + 3, label.length()));
        boolean fits = digits.length() == 3 && digits.chars().allMatch(d -> d >= '0' && d <= '9');
        if (!fits || Integer.parseInt(digits) > 255) {
            throw new InvalidNameException(spelled, "a backslash and digits must be three digits, from \\000 to \\255");
        }
        return Integer.parseInt(digits);
    }

    private static int printable(String spelled, char c) {
        if (c <= ' ' || c >= 127) {
            throw new InvalidNameException(spelled, CONTROL);
        }
        return c;
    }

    /** What stands for the octet inside. */
    static char octet(int octet) {
        if (octet >= 'A' && octet <= 'Z') {
            return (char) (octet + ('a' - 'A'));
        }
        return octet == '.' ? LABEL_DOT : (char) octet;
    }

    /** The name as it is written wherever people and programs read it. */
    static String spelled(String octets) {
        if (isPlain(octets)) {
            return octets;
        }
        StringBuilder text = new StringBuilder(octets.length() + 8);
        char last = 0;
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == LABEL_DOT) {
                text.append("\\.");
            } else if (c <= ' ' || c >= 127) {
                text.append('\\').append((char) ('0' + c / 100));
                text.append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
            } else {
                boolean isEscaped = (c != '.' && ESCAPED_LATER.indexOf(c) >= 0) || (c == '/' && last == ':');
                text.append(isEscaped ? "\\" : "").append(c);
            }
            last = c;
        }
        return text.toString();
    }
}
