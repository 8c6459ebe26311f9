package io.anycastle.app.api;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The comparisons that list filters offer on texts; case never matters unless they say so. */
final class TextTest {
    private TextTest() {}

    /** The tests that a record list query asks of a field: {@code field} and {@code field.exact}, {@code .contains} and so on. */
    static List<Predicate<String>> ofField(MultiMap query, String field) {
        List<Predicate<String>> tests = new ArrayList<>();
        Optional.ofNullable(query.get(field)).filter(v -> !v.isEmpty()).ifPresent(v -> tests.add(equal(v)));
        for (String operator : List.of("exact", "contains", "startswith", "endswith")) {
            String value = query.get(field + "." + operator);
            if (value != null && !value.isEmpty()) {
                tests.add(named(operator, value));
            }
        }
        return tests;
    }

    /** The tests that a zone list query asks: {@code operator:value}, or a value that must be equal. */
    static Predicate<String> prefixed(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return equal(text);
        }
        String value = text.substring(colon + 1);
        return switch (text.substring(0, colon)) {
            case "equal" -> equal(value);
            case "not_equal" -> equal(value).negate();
            case "starts_with" -> named("startswith", value);
            case "ends_with" -> named("endswith", value);
            case "contains" -> named("contains", value);
            case "starts_with_case_sensitive" -> text2 -> text2.startsWith(value);
            case "ends_with_case_sensitive" -> text2 -> text2.endsWith(value);
            case "contains_case_sensitive" -> text2 -> text2.contains(value);
            default -> equal(text);
        };
    }

    private static Predicate<String> equal(String value) {
        String wanted = value.toLowerCase(Locale.ROOT);
        return text -> text.toLowerCase(Locale.ROOT).equals(wanted);
    }

    private static Predicate<String> named(String operator, String value) {
        String wanted = value.toLowerCase(Locale.ROOT);
        return switch (operator) {
            case "contains" -> text -> text.toLowerCase(Locale.ROOT).contains(wanted);
            case "startswith" -> text -> text.toLowerCase(Locale.ROOT).startsWith(wanted);
            case "endswith" -> text -> text.toLowerCase(Locale.ROOT).endsWith(wanted);
            default -> equal(value);
        };
    }
}
