package io.anycastle.proxy.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One element of a Forwarded field (RFC 7239): what a proxy says of a request that it passed on.
 *
 * @param client the node that made it, without quotes: an address, one in brackets, either with a port, {@code unknown} or an obfuscated
 *     name; empty when the proxy says nothing of it
 * @param scheme in lower case; empty when the proxy says nothing of it
 */
record ForwardedHop(String client, String scheme) {
    private static final Pattern PAIR = Pattern.compile(
            "(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:(?<token>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
                    + "|\"(?<quoted>(?:[\\t \\x21\\x23-\\x5B\\x5D-\\x7E\\x80-\\xFF]|\\\\[\\t\\x20-\\x7E\\x80-\\xFF])*+)\")");

    /** The elements of all lines in their order; none when any of them breaks the grammar. */
    static List<ForwardedHop> parse(List<String> lines) {
        List<ForwardedHop> hops = new ArrayList<>();
        for (String line : lines) {
            int at = 0;
            while (at < line.length()) {
                int end = element(line, at, hops);
                if (end < 0) {
                    return List.of();
                }
                at = end;
            }
        }
        return hops;
    }

    /** Adds the element that begins there, and tells where the next one does; a negative number when it is none. */
    private static int element(String line, int from, List<ForwardedHop> into) {
        String client = "";
        String scheme = "";
        boolean isEmpty = true;
        Matcher pair = PAIR.matcher(line);
        int at = blank(line, from);
        while (at < line.length() && line.charAt(at) != ',') {
            if (line.charAt(at) == ';') {
                at = blank(line, at + 1);
                continue;
            }
            if (!pair.region(at, line.length()).lookingAt()) {
                return -1;
            }
            isEmpty = false;
            String value = pair.group("token") != null
                    ? pair.group("token")
                    : pair.group("quoted").replaceAll("\\\\(.)", "$1");
            switch (pair.group("name").toLowerCase(Locale.ROOT)) {
                case "for" -> client = value;
                case "proto" -> scheme = value.toLowerCase(Locale.ROOT);
                default -> {}
            }
            at = blank(line, pair.end());
            if (at < line.length() && line.charAt(at) != ';' && line.charAt(at) != ',') {
                return -1;
            }
        }
        if (!isEmpty) {
            into.add(new ForwardedHop(client, scheme));
        }
        return at + 1;
    }

    private static int blank(String line, int from) {
        int at = from;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }
}
