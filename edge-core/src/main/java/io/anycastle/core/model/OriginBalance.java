package io.anycastle.core.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How one of several origins of a name is chosen.
 *
 * @param cookie whose value decides; empty but for {@link Method#COOKIE_HASH}
 */
public record OriginBalance(Method method, String cookie) {
    /** The ways to choose. */
    public enum Method {
        /** In turns, by weight. */
        ROUND_ROBIN,
        /** The one with the fewest requests under way for its weight. */
        LEAST_OUTSTANDING,
        /** Always the same for a client's address, by consistent hashing. */
        ADDRESS_HASH,
        /** Always the same for the value of a cookie, by consistent hashing; in turns for who has none. */
        COOKIE_HASH
    }

    public static final OriginBalance DEFAULT = new OriginBalance(Method.ROUND_ROBIN, "");

    /** The spellings, for messages. */
    public static final String EXPECTED = "one of round_robin, least_outstanding, address_hash, cookie_hash:NAME";

    private static final String COOKIE = "cookie_hash:";
    /** A token (RFC 6265 section 4.1.1). */
    private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    /** As the API has it. */
    public String text() {
        return method == Method.COOKIE_HASH ? COOKIE + cookie : method.name().toLowerCase(Locale.ROOT);
    }

    /** The other way round. */
    public static Optional<OriginBalance> named(String text) {
        if (text.startsWith(COOKIE)) {
            String cookie = text.substring(COOKIE.length());
            return COOKIE_NAME.matcher(cookie).matches()
                    ? Optional.of(new OriginBalance(Method.COOKIE_HASH, cookie))
                    : Optional.empty();
        }
        return switch (text) {
            case "round_robin" -> Optional.of(DEFAULT);
            case "least_outstanding" -> Optional.of(new OriginBalance(Method.LEAST_OUTSTANDING, ""));
            case "address_hash" -> Optional.of(new OriginBalance(Method.ADDRESS_HASH, ""));
            default -> Optional.empty();
        };
    }
}
