package io.anycastle.core.store.plan;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Makes ids of 32 lower-case hex digits that no other node makes: random, from a seed of its own for each node. */
public final class RecordIds implements Supplier<String> {
    private static final HexFormat HEX = HexFormat.of();

    private final long node = new SecureRandom().nextLong();

    @Override
    public String get() {
        return HEX.toHexDigits(node ^ System.nanoTime())
                + HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
