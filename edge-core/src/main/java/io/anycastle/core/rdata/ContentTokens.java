package io.anycastle.core.rdata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Splits a presentation form into its words, as a master file does (RFC 1035 section 5.1). */
final class ContentTokens {
    /**
     * One word, its escapes still in it.
     *
     * @param start where it begins in the content, the quote included
     */
    record Token(String raw, boolean quoted, int start) {}

    private ContentTokens() {}

    static List<Token> split(String content) {
        List<Token> tokens = new ArrayList<>(6);
        int at = 0;
        int end = content.length();
        while (true) {
            while (at < end && isBlank(content.charAt(at))) {
                at++;
            }
            if (at == end) {
                return tokens;
            }
            boolean quoted = content.charAt(at) == '"';
            int stop = quoted ? endOfQuoted(content, at + 1) : endOfBare(content, at);
            tokens.add(new Token(content.substring(quoted ? at + 1 : at, stop), quoted, at));
            at = quoted ? stop + 1 : stop;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int endOfQuoted(String content, int from) {
        for (int i = from; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i;
            }
        }
        throw InvalidContentException.content(content, "a closing quote (\") is missing");
    }

    private static int endOfBare(String content, int from) {
        int at = from;
        while (at < content.length() && !isBlank(content.charAt(at))) {
            char c = content.charAt(at);
            if (c == '"') {
                at = endOfQuoted(content, at + 1);
            } else if (c == '\\') {
                at++;
            }
            at++;
        }
        return Math.min(at, content.length());
    }

    /** The octets that a word stands for: {@code \DDD} is an octet, {@code \c} is that character, the rest is UTF-8. */
    static byte[] unescape(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
        int at = 0;
        while (at < raw.length()) {
            int plain = raw.indexOf('\\', at);
            out.writeBytes(raw.substring(at, plain < 0 ? raw.length() : plain).getBytes(StandardCharsets.UTF_8));
            at = plain < 0 ? raw.length() : unescapeOne(raw, plain + 1, out);
        }
        return out.toByteArray();
    }

    private static int unescapeOne(String raw, int at, ByteArrayOutputStream out) {
        if (at == raw.length()) {
            throw new InvalidFieldException("a backslash must be followed by a character or by three digits");
        }
        if (!isDigit(raw.charAt(at))) {
            int next = raw.offsetByCodePoints(at, 1);
            out.writeBytes(raw.substring(at, next).getBytes(StandardCharsets.UTF_8));
            return next;
        }
        if (at + 3 > raw.length() || !isDigit(raw.charAt(at + 1)) || !isDigit(raw.charAt(at + 2))) {
            throw new InvalidFieldException("a backslash and digits must be three digits, from \\000 to \\255");
        }
        int octet = Integer.parseInt(raw, at, at + 3, 10);
        if (octet > 255) {
            throw new InvalidFieldException("a backslash and digits must be three digits, from \\000 to \\255");
        }
        out.write(octet);
        return at + 3;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
