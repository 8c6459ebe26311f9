package io.anycastle.core.model;

/**
 * Why a value from outside is refused.
 *
 * @param field as the API names it: {@code name}, {@code content}, {@code ttl}, ...
 * @param value what was given, shortened to 256 characters
 * @param rule what is expected, in plain words
 * @param kind which family of error it is; the API has a code for each
 */
public record FieldError(String field, String value, String rule, Kind kind) {
    private static final int VALUE_CHARS_MAX = 256;

    public FieldError {
        value = value.length() > VALUE_CHARS_MAX ? value.substring(0, VALUE_CHARS_MAX) + "..." : value;
    }

    /** The families of refusal that clients tell apart. */
    public enum Kind {
        INVALID_CONTENT,
        INVALID_NAME,
        INVALID_TTL,
        INVALID_TYPE,
        INVALID_FIELD,
        NOT_PROXIABLE,
        IDENTICAL_RECORD,
        ADDRESS_OR_CNAME_CLASH,
        CNAME_CLASH,
        NS_CLASH,
        NO_SUCH_RECORD,
        NO_SUCH_ZONE,
        ZONE_EXISTS
    }

    /** One line for people: {@code content '1.2.3': expected an IPv4 address}. */
    public String sentence() {
        return field + " '" + value + "': " + rule;
    }
}
