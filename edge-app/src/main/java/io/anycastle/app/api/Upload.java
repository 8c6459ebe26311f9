package io.anycastle.app.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Streams a request body to a file, reading no faster than the disk writes. Event loop only. */
final class Upload {
    private final HttpServerRequest request;
    private final AsyncFile target;
    private final long max;
    private final Promise<Void> stored = Promise.promise();
    private long size;

    private Upload(HttpServerRequest request, AsyncFile target, long max) {
        this.request = request;
        this.target = target;
        this.max = max;
    }

    /** The file with the whole body; fails with a {@link ApiException} when that has more than {@code max} bytes. */
    static Future<Path> store(Vertx vertx, HttpServerRequest request, Path folder, long max) {
        request.pause();
        Path file;
        try {
            file = Files.createTempFile(folder, "upload-", ".tmp");
        } catch (IOException e) {
            request.resume();
            return Future.failedFuture(e);
        }
        return vertx.fileSystem()
                .open(file.toString(), new OpenOptions().setTruncateExisting(true))
                .compose(target -> new Upload(request, target, max).run())
                .map(file)
                .onFailure(failure -> vertx.fileSystem().delete(file.toString()));
    }

    private Future<Void> run() {
        request.exceptionHandler(stored::tryFail);
        target.exceptionHandler(stored::tryFail);
        target.drainHandler(v -> request.resume());
        request.handler(this::take);
        request.endHandler(v -> stored.tryComplete());
        request.resume();
        return stored.future().eventually(target::close);
    }

    private void take(Buffer chunk) {
        size += chunk.length();
        if (size > max) {
            stored.tryFail(new ApiException(ApiExchange.tooLarge(max)));
        }
        if (stored.future().isComplete()) {
            return;
        }
        target.write(chunk);
        if (target.writeQueueFull()) {
            request.pause();
        }
    }
}
