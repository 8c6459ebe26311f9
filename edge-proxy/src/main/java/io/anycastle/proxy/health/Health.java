package io.anycastle.proxy.health;

import java.util.Arrays;
import java.util.Optional;

/** What a node has found of an origin. */
enum Health {
    UNKNOWN(0),
    UP(1),
    DOWN(2);

    /** As nodes tell each other. */
    private final int code;

    Health(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<Health> of(int code) {
        return Arrays.stream(values()).filter(verdict -> verdict.code == code).findFirst();
    }
}
