package io.anycastle.core.rdata;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Checks what a record carries beside DNS data: comment, tags, switches. */
final class Attributes {
    static final int COMMENT_CHARS_MAX = 500;
    static final int TAGS_MAX = 20;
    static final int TAG_NAME_CHARS_MAX = 32;
    static final int TAG_VALUE_CHARS_MAX = 100;

    private final List<FieldError> errors;

    Attributes(List<FieldError> errors) {
        this.errors = errors;
    }

    String comment(String given) {
        if (given.length() > COMMENT_CHARS_MAX) {
            refuse("comment", given, "a comment has at most " + COMMENT_CHARS_MAX + " characters");
        } else if (hasControlCharacter(given)) {
            refuse("comment", given, "a comment has no line breaks or other control characters");
        }
        return given.strip();
    }

    /** Each tag as {@code name:value}; a tag spelled without a value has an empty one, and doubles count once. */
    List<String> tags(List<String> given) {
        if (given.size() > TAGS_MAX) {
            refuse("tags", given.size() + " tags", "a record has at most " + TAGS_MAX + " tags");
        }
        SequencedSet<String> tags = new LinkedHashSet<>();
        for (String tag : given) {
            int colon = tag.indexOf(':');
            String name = colon < 0 ? tag : tag.substring(0, colon);
            String value = colon < 0 ? "" : tag.substring(colon + 1);
            if (!name.matches("[A-Za-z0-9_-]{1," + TAG_NAME_CHARS_MAX + "}")) {
                refuse(
                        "tags",
                        tag,
                        "a tag is name:value, its name 1 to " + TAG_NAME_CHARS_MAX + " letters, digits, '_' or '-'");
            } else if (value.length() > TAG_VALUE_CHARS_MAX || hasControlCharacter(value)) {
                refuse(
                        "tags",
                        tag,
                        "a tag's value has at most " + TAG_VALUE_CHARS_MAX + " characters and no control characters");
            }
            tags.add(name + ":" + value);
        }
        return new ArrayList<>(tags);
    }

    RecordSettings settings(RecordSettings given, RecordType type) {
        if (given.ipv4Only() && given.ipv6Only()) {
            refuse("settings", "ipv4_only, ipv6_only", "at most one of the two can be true");
        }
        if ((given.ipv4Only() || given.ipv6Only()) && !type.isProxiable()) {
            refuse("settings", given.ipv4Only() ? "ipv4_only" : "ipv6_only", "only an A, AAAA or CNAME record has it");
        }
        if (given.flattenCname() && type != RecordType.CNAME) {
            refuse("settings", "flatten_cname", "only a CNAME record has it");
        }
        return given;
    }

    private void refuse(String field, String value, String rule) {
        errors.add(new FieldError(field, value, rule, Kind.INVALID_FIELD));
    }

    static boolean hasControlCharacter(String text) {
        return text.chars()
                .anyMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
    }
}
