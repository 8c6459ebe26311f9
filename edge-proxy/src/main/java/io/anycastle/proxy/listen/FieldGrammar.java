package io.anycastle.proxy.listen;

/** What the parts of a head may hold (RFC 9110 section 5.6, RFC 9112 section 3.2, RFC 9113 section 8.2.1). Pure. */
public final class FieldGrammar {
    static final boolean[] TOKEN = new boolean[256];
    static final boolean[] TARGET = new boolean[256];
    static final boolean[] VALUE = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            TOKEN[c] = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
            TARGET[c] = c > ' ' && c < 0x7F;
            VALUE[c] = (c >= ' ' && c != 0x7F) || c == '\t';
        }
    }

    private FieldGrammar() {}

    static boolean isToken(CharSequence text) {
        return text.length() > 0 && isAll(text, TOKEN);
    }

    public static boolean isLowerCaseToken(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 'A' && text.charAt(i) <= 'Z') {
                return false;
            }
        }
        return isToken(text);
    }

    static boolean isTarget(CharSequence text) {
        return isAll(text, TARGET);
    }

    public static boolean isValue(CharSequence text) {
        int length = text.length();
        return length == 0 || (isAll(text, VALUE) && !isBlank(text.charAt(0)) && !isBlank(text.charAt(length - 1)));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isAll(CharSequence text, boolean[] kind) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255 || !kind[c]) {
                return false;
            }
        }
        return true;
    }
}
