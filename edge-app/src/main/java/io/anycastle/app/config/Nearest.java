package io.anycastle.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a mistyped one was meant to be. */
public final class Nearest {
    private Nearest() {}

    /** The known word that is spelled nearly like it: a third of its letters may differ, and one of a short word. */
    public static Optional<String> word(String given, Collection<String> known) {
        int far = Math.max(1, given.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(given, word)))
                .filter(word -> distance(given, word) <= far);
    }

    /** {@code ; did you mean 'x'?} with the nearest word, or nothing when all are far. */
    public static String hint(String given, Collection<String> known) {
        int far = Math.max(2, given.length() / 2);
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(given, word)))
                .filter(word -> distance(given, word) <= far)
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("; known here: " + String.join(", ", known));
    }

    /** Edits between the two words, case and the choice of '-' or '_' not counted. */
    private static int distance(String a, String b) {
        String from = a.toLowerCase(Locale.ROOT).replace('_', '-');
        String to = b.toLowerCase(Locale.ROOT).replace('_', '-');
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
