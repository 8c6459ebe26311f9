package io.anycastle.app.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/**
 * Event loops of the tunnel's own: what members send each other in bulk, and the TLS of it, is worked on beside those that visitors wait
 * for.
 */
final class TunnelLoops {
    /** Vert.x gives a server one loop; what this node connects to itself has the other. */
    private static final int SIZE = 2;

    private TunnelLoops() {}

    static Vertx make() {
        return make(SIZE);
    }

    static Vertx make(int size) {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(size)
                .setWorkerPoolSize(size)
                .setInternalBlockingPoolSize(size)
                .setPreferNativeTransport(true)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
    }
}
