package io.anycastle.proxy.reply;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the form of an error by the request's Accept header (RFC 9110 section 12.5.1). Pure. The highest quality wins; among equals
 * a range that names its type exactly beats a wildcard, then the one that the client wrote first. A header that accepts none of the
 * forms, or cannot be read, gets HTML.
 */
public final class Negotiation {
    private static final int RANGES_MAX = 32;

    private Negotiation() {}

    public static Format choose(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return Format.HTML;
        }
        String[] ranges = accept.split(",", RANGES_MAX + 1);
        Format best = Format.HTML;
        Score bestScore = Score.NONE;
        for (Format format : Format.values()) {
            Score score = score(format, ranges);
            if (score.isAbove(bestScore)) {
                best = format;
                bestScore = score;
            }
        }
        return best;
    }

    /** What the most exact range that covers the format says of it. */
    private static Score score(Format format, String[] ranges) {
        Score found = Score.NONE;
        for (int i = 0; i < Math.min(ranges.length, RANGES_MAX); i++) {
            String[] parts = ranges[i].split(";", -1);
            int exactness = exactness(format, parts[0].strip());
            if (exactness > found.exactness()) {
                found = new Score(quality(parts), exactness, i);
            }
        }
        return found.quality() > 0 ? found : Score.NONE;
    }

    private static int exactness(Format format, String range) {
        if (range.equalsIgnoreCase(format.type() + "/" + format.subtype())) {
            return 3;
        }
        if (range.equalsIgnoreCase(format.type() + "/*")) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.length() > 2 && parameter.regionMatches(true, 0, "q=", 0, 2)) {
                String digits = parameter.substring(2);
                return digits.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(digits)) : 0;
            }
        }
        return 1;
    }

    private record Score(double quality, int exactness, int at) {
        static final Score NONE = new Score(0, 0, Integer.MAX_VALUE);

        boolean isAbove(Score other) {
            if (quality != other.quality) {
                return quality > other.quality;
            }
            return exactness != other.exactness ? exactness > other.exactness : at < other.at;
        }
    }
}
