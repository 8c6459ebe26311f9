package io.anycastle.core.zonefile;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time to live as master files spell it: seconds, or BIND's units as in {@code 1w2d3h4m5s}. */
final class TtlSpelling {
    private static final Pattern UNITS =
            Pattern.compile("(?i)(?:(\\d{1,9})w)?(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");
    private static final long[] SECONDS = {604_800, 86_400, 3_600, 60, 1};

    private TtlSpelling() {}

    /** The seconds; empty when the word spells no time. */
    static OptionalLong seconds(String word) {
        if (word.isEmpty() || word.charAt(0) < '0' || word.charAt(0) > '9') {
            return OptionalLong.empty();
        }
        if (word.length() <= 10 && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.of(Long.parseLong(word));
        }
        Matcher units = UNITS.matcher(word);
        if (!units.matches()) {
            return OptionalLong.empty();
        }
        long seconds = 0;
        for (int i = 0; i < SECONDS.length; i++) {
            String amount = units.group(i + 1);
            seconds += amount == null ? 0 : Long.parseLong(amount) * SECONDS[i];
        }
        return OptionalLong.of(seconds);
    }
}
