package io.anycastle.core.model;

import java.time.Duration;

/** Durations in messages for people: {@code 15 s}, {@code 1.5 s}, {@code 250 ms}, {@code 2 min}, {@code 3 h}. */
public final class DurationText {
    private DurationText() {}

    /** In the largest unit that shows it whole; below ten seconds with its tenths. */
    public static String of(Duration time) {
        long ms = time.toMillis();
        if (ms % 3_600_000 == 0 && ms != 0) {
            return ms / 3_600_000 + " h";
        }
        if (ms % 60_000 == 0 && ms != 0) {
            return ms / 60_000 + " min";
        }
        if (ms % 1000 == 0) {
            return ms / 1000 + " s";
        }
        return ms % 100 == 0 && ms > 1000 ? ms / 1000 + "." + ms % 1000 / 100 + " s" : ms + " ms";
    }
}
