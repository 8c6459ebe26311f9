package io.anycastle.app.lifecycle;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** How event loops are set up here. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * Without the temporary folder that Vert.x makes for files that it takes from jars: we have none of these, and it would stay behind
     * wherever the JVM is killed, or told to stop while it starts.
     */
    public static VertxOptions withoutFolder() {
        return new VertxOptions().setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false));
    }
}
