package io.anycastle.dns.guard;

import java.util.Locale;

/** The limits of answers per second, each for one kind of answer. */
public enum Limit {
    ANSWERS,
    NEGATIVES,
    REFERRALS,
    ERRORS,
    /** Every answer, of whatever kind. */
    ALL;

    private static final Limit[] VALUES = values();

    static int count() {
        return VALUES.length;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
