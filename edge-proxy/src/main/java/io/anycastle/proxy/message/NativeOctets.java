package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Copies out of buffers without the object that Netty makes for it where the JVM has no Unsafe. */
final class NativeOctets {
    /** All memory: what is read of it is checked here. */
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeOctets() {}

    /**
     * Copies octets that the buffer has.
     *
     * @param at the first one's index in the buffer, whose reader and writer index play no part
     * @throws IndexOutOfBoundsException when the buffer or the array has not so many
     */
    static void copy(ByteBuf from, int at, byte[] into, int index, int length) {
        if (from.hasMemoryAddress()) {
            Objects.checkFromIndexSize(at, length, from.capacity());
            MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from.memoryAddress() + at, into, index, length);
        } else {
            from.getBytes(at, into, index, length);
        }
    }
}
