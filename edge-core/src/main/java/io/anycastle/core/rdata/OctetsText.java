package io.anycastle.core.rdata;

import io.anycastle.core.model.Rdata;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** The form that data of any type can have: {@code \#}, the number of octets, and the octets in hexadecimal (RFC 3597 section 5). */
final class OctetsText {
    static final String EXPECTED = "\\# <octets> <hexadecimal digits>, like \\# 4 c0000201";

    private static final String MARK = "\\#";

    private OctetsText() {}

    /** Whether the first word says that octets follow. */
    static boolean isMarked(String content) {
        String text = content.strip();
        return text.equals(MARK) || text.startsWith(MARK + " ") || text.startsWith(MARK + "\t");
    }

    /** The octets of marked content; empty where it is not as it must be. */
    static Optional<byte[]> read(String content) {
        Optional<String> plain = withoutParentheses(content);
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        String[] words = plain.get().strip().split("[ \t]+");
        if (words.length < 2 || !words[1].matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        StringBuilder digits = new StringBuilder();
        for (int i = 2; i < words.length; i++) {
            digits.append(words[i]);
        }
        try {
            byte[] octets = HexFormat.of().parseHex(digits.toString().toLowerCase(Locale.ROOT));
            return octets.length == Integer.parseInt(words[1]) ? Optional.of(octets) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As in a master file, where they only hold lines together; empty where they do not pair. */
    private static Optional<String> withoutParentheses(String content) {
        int depth = 0;
        for (int i = 0; i < content.length() && depth >= 0; i++) {
            depth += content.charAt(i) == '(' ? 1 : content.charAt(i) == ')' ? -1 : 0;
        }
        return depth == 0 ? Optional.of(content.replace('(', ' ').replace(')', ' ')) : Optional.empty();
    }

    static String of(Rdata octets) {
        return (MARK + " " + octets.length() + " " + HexFormat.of().formatHex(octets.wire())).stripTrailing();
    }

    /** Whether they differ at most in the case of letters, which in names means nothing. */
    static boolean areSame(byte[] one, byte[] other) {
        if (one.length != other.length) {
            return false;
        }
        for (int i = 0; i < one.length; i++) {
            if (lower(one[i]) != lower(other[i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }
}
