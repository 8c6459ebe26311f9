package io.anycastle.dns.listen;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.anycastle.dns.answer.QuerySource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Memory for a batch of datagrams in and out, laid out once: two rows of {@code struct mmsghdr} with their {@code iovec}s, the senders'
 * addresses and the octets. Used by one thread.
 */
final class DatagramBatch {
    private static final int HEADER = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int LENGTH = 56;
    private static final int IOVEC = 16;
    private static final int IOVEC_LENGTH = 8;
    private static final int ADDRESS = 32;
    private static final int ADDRESS_LENGTH = 28;
    private static final int PORT_AT = 2;
    private static final int IPV4_AT = 4;
    private static final int IPV6_AT = 8;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt IPV4 = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong IPV6_HALF = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private final int size;
    private final int octetsEach;
    private final MemorySegment received;
    private final MemorySegment toSend;
    private final MemorySegment iovecsOut;
    private final MemorySegment senders;
    private final MemorySegment octetsIn;
    private final MemorySegment octetsOut;

    /**
     * @param size datagrams
     * @param octetsMax longest datagram in either direction
     */
    DatagramBatch(Arena arena, int size, int octetsMax) {
        this.size = size;
        octetsEach = (octetsMax + 63) & -64;
        received = arena.allocate((long) HEADER * size, 64);
        toSend = arena.allocate((long) HEADER * size, 64);
        MemorySegment iovecsIn = arena.allocate((long) IOVEC * size, 64);
        iovecsOut = arena.allocate((long) IOVEC * size, 64);
        senders = arena.allocate((long) ADDRESS * size, 64);
        octetsIn = arena.allocate((long) octetsEach * size, 64);
        octetsOut = arena.allocate((long) octetsEach * size, 64);
        for (int i = 0; i < size; i++) {
            lay(received, iovecsIn, octetsIn, i);
            lay(toSend, iovecsOut, octetsOut, i);
            received.set(JAVA_LONG, (long) HEADER * i + NAME, senders.address() + (long) ADDRESS * i);
            received.set(JAVA_INT, (long) HEADER * i + NAME_LENGTH, ADDRESS_LENGTH);
        }
    }

    private void lay(MemorySegment headers, MemorySegment iovecs, MemorySegment octets, int i) {
        headers.set(JAVA_LONG, (long) HEADER * i + IOV, iovecs.address() + (long) IOVEC * i);
        headers.set(JAVA_LONG, (long) HEADER * i + IOV_COUNT, 1);
        iovecs.set(JAVA_LONG, (long) IOVEC * i, octets.address() + (long) octetsEach * i);
        iovecs.set(JAVA_LONG, (long) IOVEC * i + IOVEC_LENGTH, octetsEach);
    }

    int size() {
        return size;
    }

    MemorySegment received() {
        return received;
    }

    /** The answers from that one on. */
    MemorySegment toSend(int from) {
        return from == 0 ? toSend : toSend.asSlice((long) HEADER * from);
    }

    /** Copies the octets of a received datagram; the length in octets. */
    int take(int index, byte[] target) {
        long header = (long) HEADER * index;
        int length = received.get(JAVA_INT, header + LENGTH);
        MemorySegment.copy(octetsIn, JAVA_BYTE, (long) octetsEach * index, target, 0, length);
        return length;
    }

    /** Tells who sent a received datagram, from its {@code sockaddr_in} or {@code sockaddr_in6}. */
    void tell(int index, QuerySource source) {
        long from = (long) ADDRESS * index;
        int port = senders.get(PORT, from + PORT_AT) & 0xffff;
        if (senders.get(JAVA_SHORT, from) == SystemCalls.AF_INET) {
            source.setIpv4(senders.get(IPV4, from + IPV4_AT), port);
        } else {
            source.setIpv6(
                    senders.get(IPV6_HALF, from + IPV6_AT), senders.get(IPV6_HALF, from + IPV6_AT + Long.BYTES), port);
        }
    }

    /** Puts the answer to a received datagram into the row of those to be sent. */
    void put(int index, int receivedIndex, byte[] answer, int length) {
        MemorySegment.copy(answer, 0, octetsOut, JAVA_BYTE, (long) octetsEach * index, length);
        iovecsOut.set(JAVA_LONG, (long) IOVEC * index + IOVEC_LENGTH, length);
        long header = (long) HEADER * index;
        long from = (long) HEADER * receivedIndex;
        toSend.set(JAVA_LONG, header + NAME, senders.address() + (long) ADDRESS * receivedIndex);
        toSend.set(JAVA_INT, header + NAME_LENGTH, received.get(JAVA_INT, from + NAME_LENGTH));
    }

    /** Makes the places of that many received datagrams ready again. */
    void reset(int count) {
        for (int i = 0; i < count; i++) {
            received.set(JAVA_INT, (long) HEADER * i + NAME_LENGTH, ADDRESS_LENGTH);
        }
    }
}
