package io.anycastle.proxy.exchange;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Names a request for logs and error pages: 16 hex digits, a hyphen and the site's code. */
final class Ray {
    private Ray() {}

    static String next(String colo) {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + "-" + colo;
    }
}
