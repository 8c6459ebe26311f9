package io.anycastle.app.api;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Object identifiers: 32 lower-case hex digits. */
final class Ids {
    /** The one account of an edge. */
    static final String ACCOUNT = "616e79636173746c6500000000000001";

    /** The one user of an edge. */
    static final String USER = "616e79636173746c6500000000000002";

    /** The one token of an edge. */
    static final String TOKEN = "616e79636173746c6500000000000003";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private Ids() {}

    /** The identifier in its stored form; empty when the text is none. */
    static Optional<String> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return ID.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
    }
}
