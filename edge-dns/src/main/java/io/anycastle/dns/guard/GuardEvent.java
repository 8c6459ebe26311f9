package io.anycastle.dns.guard;

import java.util.Locale;

/** What the guard counts; the name with dots is the counter's. */
public enum GuardEvent {
    /** Answers over the limit of their kind, whatever became of them. */
    RATELIMIT_ANSWERS,
    RATELIMIT_NEGATIVES,
    RATELIMIT_REFERRALS,
    RATELIMIT_ERRORS,
    RATELIMIT_ALL,
    /** Answers that were not sent. */
    RATELIMIT_WITHHELD,
    /** Those of them that would have been sent short, had their network not had enough of these. */
    RATELIMIT_SHORT,
    /** Answers that were sent short. */
    RATELIMIT_SHORTENED,
    /** Queries with a client's cookie alone, with one of ours, with another, with none of a cookie's lengths. */
    COOKIES_NEW,
    COOKIES_VALID,
    COOKIES_INVALID,
    COOKIES_MALFORMED,
    /** Answers with BADCOOKIE. */
    COOKIES_REFUSED,
    /** Zones that began to be flooded with questions for made-up names. */
    RANDOMNAMES_FLOODS,
    /** Denials over the limit that holds while their zone is flooded; they are among those over the limit of denials. */
    RANDOMNAMES_LIMITED;

    /** How many there are. */
    public static final int COUNT = values().length;

    public String counter() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    static GuardEvent over(Limit limit) {
        return switch (limit) {
            case ANSWERS -> RATELIMIT_ANSWERS;
            case NEGATIVES -> RATELIMIT_NEGATIVES;
            case REFERRALS -> RATELIMIT_REFERRALS;
            case ERRORS -> RATELIMIT_ERRORS;
            case ALL -> RATELIMIT_ALL;
        };
    }
}
