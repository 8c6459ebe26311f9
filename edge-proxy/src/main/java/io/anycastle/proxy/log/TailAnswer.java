package io.anycastle.proxy.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What another node has answered to a {@link TailQuestion}. */
public final class TailAnswer {
    static final int HEAD_BYTES = 2 * Long.BYTES;

    private final byte[] bytes;

    public TailAnswer(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether the node lets its log be followed. */
    public boolean isGiven() {
        return bytes.length >= HEAD_BYTES;
    }

    /** Requests and lines that this reader did not get there so far. */
    public long omitted() {
        return ByteBuffer.wrap(bytes).getLong(0);
    }

    public long dropped() {
        return ByteBuffer.wrap(bytes).getLong(Long.BYTES);
    }

    /** Whole lines. */
    public byte[] lines() {
        return Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length);
    }
}
