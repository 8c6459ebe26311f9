package io.anycastle.proxy.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A visitor whose answers come in frames. */
abstract class PiecewiseVisit implements Visit {
    /** Of the piece that came last, what is not taken yet. */
    byte[] held = new byte[0];

    boolean isEnded;
    List<String> trailers = List.of();

    /** Takes what comes next while nothing is held; whether that was more of the body. */
    abstract boolean more() throws IOException;

    /** A request begins. */
    final void forget() {
        held = new byte[0];
        isEnded = false;
        trailers = List.of();
    }

    @Override
    public final byte[] body(int length) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < length) {
            if (held.length == 0 && !more()) {
                throw new EOFException("the body ends after " + body.size());
            }
            int size = Math.min(held.length, length - body.size());
            body.write(held, 0, size);
            held = Arrays.copyOfRange(held, size, held.length);
        }
        return body.toByteArray();
    }

    @Override
    public final Rest rest() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        do {
            body.write(held);
            held = new byte[0];
        } while (more());
        return new Rest(body.toByteArray(), trailers);
    }
}
