package io.anycastle.dns.guard;

import java.time.Duration;

/**
 * When a zone is held to be flooded with questions for made-up names, and what is done about it.
 *
 * @param namesPerSecond different names that do not exist, asked for in one zone over a window; 0 to 10,000,000; 0 turns the watch off
 * @param window how long is looked at a time, 1 s to 1 h
 * @param negativesMax "no such name" per second that a client network gets of a zone while it is flooded, in place of the rate limit's
 *     own; 0 to 1,000,000; 0 leaves that as it is
 */
public record RandomLabelConfig(int namesPerSecond, Duration window, int negativesMax) {
    public static final RandomLabelConfig DEFAULTS = new RandomLabelConfig(200, Duration.ofSeconds(10), 0);
}
