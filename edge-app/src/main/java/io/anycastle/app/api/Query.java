package io.anycastle.app.api;

import io.vertx.core.MultiMap;
import java.util.Optional;

/** The query of a call; unknown parameters are ignored. */
record Query(MultiMap parameters) {
    Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    boolean has(String name) {
        return parameters.contains(name);
    }

    /** A whole number from 1; {@code 5.0} is 5. */
    int number(String name, int fallback) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return fallback;
        }
        if (!value.get().matches("\\d{1,18}(\\.0+)?") || value.get().matches("0+(\\.0+)?")) {
            throw new ApiException(
                    ApiError.invalid(name, "expected a whole number from 1, found '" + value.get() + "'"));
        }
        return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(value.get().split("\\.", 2)[0]));
    }

    Optional<Boolean> flag(String name) {
        return text(name).map(value -> switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new ApiException(ApiError.invalid(name, "expected true or false, found '" + value + "'"));
        });
    }
}
