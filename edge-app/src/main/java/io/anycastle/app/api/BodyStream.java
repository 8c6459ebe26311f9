package io.anycastle.app.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A response's body as a stream: each piece is written when the client has taken the one before. One virtual thread. */
final class BodyStream extends OutputStream {
    private static final int PIECE_BYTES = 64 << 10;

    private final Context context;
    private final HttpServerResponse response;
    private final Duration patience;
    private Buffer piece = Buffer.buffer(PIECE_BYTES);

    /** @param patience how long a client may take nothing */
    BodyStream(Context context, HttpServerResponse response, Duration patience) {
        this.context = context;
        this.response = response;
        this.patience = patience;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        for (int at = from; at < from + length; ) {
            int some = Math.min(from + length - at, PIECE_BYTES - piece.length());
            piece.appendBytes(bytes, at, some);
            at += some;
            if (piece.length() == PIECE_BYTES) {
                flush();
            }
        }
    }

    /** Sends what is there and waits until it is gone. */
    @Override
    public void flush() throws IOException {
        if (piece.length() > 0) {
            Buffer full = piece;
            piece = Buffer.buffer(PIECE_BYTES);
            await(() -> response.write(full));
        }
    }

    /** The body is complete. Without this the client sees that it is not. */
    void finish() throws IOException {
        flush();
        await(response::end);
    }

    private void await(Supplier<Future<Void>> work) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(v -> {
            if (response.closed()) {
                done.completeExceptionally(new IOException("the client has gone"));
                return;
            }
            work.get().onComplete(ok -> done.complete(null), done::completeExceptionally);
        });
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("the client took nothing for " + patience, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
