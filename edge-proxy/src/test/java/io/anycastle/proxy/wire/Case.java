package io.anycastle.proxy.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One row of the table of octets: what both ends say and hear, in this order.
 *
 * @param awaits why only another wire passes it; empty for a case that must pass
 * @param settings of the edge, each {@code name=value}
 */
record Case(String name, Optional<String> awaits, List<String> settings, List<Step> steps) {
    /**
     * One octet string that passes an end, or what happens to its connection.
     *
     * @param end V for a visitor, O for an origin
     * @param number of the end's connection, from 1
     * @param sign {@code >} says, {@code <} hears, {@code =} counts connections
     */
    record Step(char end, int number, char sign, String text) {
        @Override
        public String toString() {
            return end + "" + number + sign + ' ' + (text.length() > 200 ? text.substring(0, 200) + "..." : text);
        }
    }

    /** Reads a table; its head says how it is written. */
    static List<Case> read(String resource) throws IOException {
        try (InputStream in = Case.class.getResourceAsStream(resource)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static List<Case> parse(String table) {
        List<Case> cases = new ArrayList<>();
        for (String block : table.split("\n(?=case: )")) {
            if (block.startsWith("case: ")) {
                cases.add(parseOne(block));
            }
        }
        return cases;
    }

    private static Case parseOne(String block) {
        String name = "";
        Optional<String> awaits = Optional.empty();
        List<String> settings = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (String line : block.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 2);
            switch (parts[0]) {
                case "case:" -> name = parts[1];
                case "awaits-own-wire:" -> awaits = Optional.of(parts[1]);
                case "edge:" -> settings.addAll(List.of(parts[1].split(" ")));
                default -> steps.add(step(parts[0], parts[1]));
            }
        }
        return new Case(name, awaits, settings, steps);
    }

    private static Step step(String who, String text) {
        char sign = who.charAt(who.length() - 1);
        String digits = who.substring(1, who.length() - 1);
        int number = digits.isEmpty() ? 1 : Integer.parseInt(digits);
        if ((who.charAt(0) != 'V' && who.charAt(0) != 'O') || "<>=".indexOf(sign) < 0) {
            throw new IllegalArgumentException("no step: " + who + " " + text);
        }
        return new Step(who.charAt(0), number, sign, octets(text));
    }

    /** {@code |} is CR LF, {@code \n \r \t \0 \p} (a bar) are one octet, {@code {a*5}} is five. */
    private static String octets(String text) {
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int close = text.indexOf('}', i);
            if (c == '|') {
                octets.append("\r\n");
            } else if (c == '\\') {
                octets.append("\n\r\t\0|".charAt("nrt0p".indexOf(text.charAt(++i))));
            } else if (c == '{' && close > i && text.charAt(i + 2) == '*') {
                octets.append(
                        String.valueOf(text.charAt(i + 1)).repeat(Integer.parseInt(text.substring(i + 3, close))));
                i = close;
            } else {
                octets.append(c);
            }
        }
        return octets.toString();
    }

    /** Whether a side hears chunks, which the edge cuts anew as octets come. */
    boolean hearsChunks() {
        return steps.stream().anyMatch(step -> step.sign() == '<' && step.text().contains("chunked"));
    }

    /** Whether it closes on octets unread, which takes with it what its kernel has not sent yet. */
    boolean isWholeOnly() {
        return settings.contains("whole-only");
    }

    /** Whether it is about what TLS does otherwise: a half-close, a reset, the scheme. */
    boolean isPlainOnly() {
        return settings.contains("plain-only");
    }

    @Override
    public String toString() {
        return name;
    }
}
