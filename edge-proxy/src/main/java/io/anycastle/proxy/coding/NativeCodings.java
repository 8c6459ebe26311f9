package io.anycastle.proxy.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which codings this machine can write: gzip is the JDK's, the others' native parts may be missing. Looking takes long the first time. */
public final class NativeCodings {
    private static final Logger LOG = LoggerFactory.getLogger(NativeCodings.class);
    private static final boolean HAS_BR = loads("br", NativeCodings::loadBr);
    private static final boolean HAS_ZSTD = loads("zstd", Native::load);

    private NativeCodings() {}

    private static void loadBr() {
        Brotli4jLoader.ensureAvailability();
    }

    private static boolean loads(String name, Runnable load) {
        try {
            load.run();
            return true;
        } catch (LinkageError | RuntimeException e) {
            LOG.warn("answers are not compressed with {}: its native part cannot be loaded ({})", name, e.toString());
            return false;
        }
    }

    /** Loads them, so that no event loop has to. */
    public static void load() {
        // the fields above do, once
    }

    /** Whether the edge can write the coding; what it can write of gzip and br it can read too. */
    public static boolean has(ContentCoding coding) {
        return switch (coding) {
            case GZIP -> true;
            case BR -> HAS_BR;
            case ZSTD -> HAS_ZSTD;
        };
    }
}
