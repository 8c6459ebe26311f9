package io.anycastle.core.zonefile;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The range of a {@code $GENERATE} line and how its {@code $} are replaced, as BIND does: {@code $} is the number,
 * {@code ${offset,width,base}} the number plus the offset, padded with zeros, in base {@code d}, {@code o}, {@code x} or {@code X}, or
 * {@code n} or {@code N} for the labels of {@code ip6.arpa}; {@code \$} and {@code $$} are a dollar sign.
 */
record Generate(long start, long stop, long step) {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})-([0-9]{1,9})(?:/([0-9]{1,9}))?");
    private static final Pattern PLACE =
            Pattern.compile("\\\\\\$|\\$\\$|\\$\\{(-?[0-9]{1,9})(?:,([0-9]{1,2})(?:,([doxXnN]))?)?\\}|\\$(\\{)?");

    /**
     * The range that is spelled {@code start-stop} or {@code start-stop/step}.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    static Generate range(String spelled) {
        Matcher range = RANGE.matcher(spelled);
        if (!range.matches()) {
            throw new IllegalArgumentException("expected a range like 1-100 or 0-254/2, not '" + spelled + "'");
        }
        long step = range.group(3) == null ? 1 : Long.parseLong(range.group(3));
        Generate generate = new Generate(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)), step);
        if (step == 0 || generate.start > generate.stop) {
            throw new IllegalArgumentException("a range goes up, in steps of at least 1");
        }
        return generate;
    }

    long count() {
        return (stop - start) / step + 1;
    }

    /**
     * The pattern with the number in each place.
     *
     * @throws IllegalArgumentException when a place is not spelled as expected
     */
    static String fill(String pattern, long number) {
        return PLACE.matcher(pattern).replaceAll(place -> {
            if (place.group().equals("\\$") || place.group().equals("$$")) {
                return "\\$";
            }
            if (place.group(4) != null) {
                throw new IllegalArgumentException("expected ${offset,width,base} with a base of d, o, x, X, n or N");
            }
            long value = number + (place.group(1) == null ? 0 : Long.parseLong(place.group(1)));
            if (value < 0) {
                throw new IllegalArgumentException("a generated number is negative");
            }
            int width = place.group(2) == null ? 0 : Integer.parseInt(place.group(2));
            String base = place.group(3) == null ? "d" : place.group(3);
            return base.equalsIgnoreCase("n") ? nibbles(value, width, base) : padded(digits(value, base), width);
        });
    }

    private static String padded(String digits, int width) {
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** Hexadecimal digits from the last to the first with dots between them; the width counts the dots, as in BIND. */
    private static String nibbles(long value, int width, String base) {
        String digits = padded(digits(value, base.equals("n") ? "x" : "X"), (width + 1) / 2);
        String labels =
                String.join(".", new StringBuilder(digits).reverse().toString().split(""));
        return labels.length() < width ? labels + "." : labels;
    }

    private static String digits(long value, String base) {
        return switch (base) {
            case "o" -> Long.toOctalString(value);
            case "x" -> Long.toHexString(value);
            case "X" -> Long.toHexString(value).toUpperCase(Locale.ROOT);
            default -> Long.toString(value);
        };
    }
}
