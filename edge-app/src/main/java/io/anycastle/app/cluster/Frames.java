package io.anycastle.app.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/** The messages before a connection carries a member's octets: a JSON object behind its length in four octets. */
final class Frames {
    /** A join answer holds every node's entry; nothing else comes near. */
    static final int BYTES_MAX = 16 << 20;

    /** What a stranger may send. */
    static final int STRANGER_BYTES_MAX = 16 << 10;

    private static final int HEAD = Integer.BYTES;

    private Frames() {}

    static Future<Void> write(NetSocket socket, JsonObject message) {
        Buffer body = message.toBuffer();
        return socket.write(
                Buffer.buffer(HEAD + body.length()).appendInt(body.length()).appendBuffer(body));
    }

    /**
     * Reads one message and leaves the socket paused. Fails with one plain sentence when the peer closes, takes too long, or sends
     * something else; both sides send nothing more until they are answered, so octets behind the message are an error too.
     */
    static Future<JsonObject> read(Vertx vertx, NetSocket socket, int bytesMax, Duration timeout) {
        Promise<JsonObject> read = Promise.promise();
        Buffer gathered = Buffer.buffer();
        long timer = vertx.setTimer(
                timeout.toMillis(), fired -> read.tryFail("it said nothing within " + timeout.toMillis() + " ms"));
        socket.closeHandler(closed -> read.tryFail("it closed the connection"));
        socket.exceptionHandler(failure -> read.tryFail(String.valueOf(failure.getMessage())));
        socket.handler(chunk -> {
            gathered.appendBuffer(chunk);
            if (gathered.length() < HEAD) {
                return;
            }
            int length = gathered.getInt(0);
            if (length < 0 || length > bytesMax || gathered.length() > HEAD + length) {
                socket.pause();
                read.tryFail("it sent no message of at most " + bytesMax + " bytes");
            } else if (gathered.length() == HEAD + length) {
                socket.pause();
                parse(gathered.getBuffer(HEAD, HEAD + length), read);
            }
        });
        socket.resume();
        return read.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private static void parse(Buffer body, Promise<JsonObject> read) {
        try {
            read.tryComplete(new JsonObject(body));
        } catch (DecodeException | ClassCastException e) {
            read.tryFail("it sent no JSON object");
        }
    }
}
