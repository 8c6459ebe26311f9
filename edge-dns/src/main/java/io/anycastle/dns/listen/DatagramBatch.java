package io.anycastle.dns.listen;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.anycastle.dns.answer.Asker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Memory for a batch of datagrams in and out, laid out once: two rows of {@code struct mmsghdr} with their {@code iovec}s, the senders'
 * addresses and the octets. Used by one thread.
 *
 * <p>Most of what an answer costs is the kernel's way to send it. Answers of one length that go to one address and port can go that way
 * together, as segments of one datagram ({@code UDP_SEGMENT} of udp(7)): the kernel parts them at its end.
 */
final class DatagramBatch {
    private static final int HEADER = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int LENGTH = 56;
    private static final int IOVEC = 16;
    private static final int IOVEC_LENGTH = 8;

    /** {@code struct cmsghdr} and the octets of a segment, padded. */
    private static final int CMSG = 24;

    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;
    private static final int UDP_SEGMENT = 103;

    /** Of one datagram; newer kernels take twice as many. */
    private static final int SEGMENTS_MAX = 64;

    private static final int SEGMENTED_OCTETS_MAX = 60_000;
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
    private final MemorySegment controls;

    /** How many answers lie here, and how many datagrams they make. */
    private int answers;

    private int datagrams;

    /** Of the last datagram: how many answers it is, of which length, and whose query it answers. */
    private int segments;

    private int segmentLength;
    private int segmentsTo;
    private boolean joins = true;
    private boolean hasSegments;

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
        controls = arena.allocate((long) CMSG * size, 64);
        for (int i = 0; i < size; i++) {
            lay(received, iovecsIn, octetsIn, i);
            lay(toSend, iovecsOut, octetsOut, i);
            received.set(JAVA_LONG, (long) HEADER * i + NAME, senders.address() + (long) ADDRESS * i);
            received.set(JAVA_INT, (long) HEADER * i + NAME_LENGTH, ADDRESS_LENGTH);
            toSend.set(JAVA_LONG, (long) HEADER * i + CONTROL, controls.address() + (long) CMSG * i);
            controls.set(JAVA_LONG, (long) CMSG * i, CMSG_DATA + Short.BYTES);
            controls.set(JAVA_INT, (long) CMSG * i + CMSG_LEVEL, SystemCalls.IPPROTO_UDP);
            controls.set(JAVA_INT, (long) CMSG * i + CMSG_TYPE, UDP_SEGMENT);
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
    void tell(int index, Asker asker) {
        long from = (long) ADDRESS * index;
        int port = senders.get(PORT, from + PORT_AT) & 0xffff;
        if (senders.get(JAVA_SHORT, from) == SystemCalls.AF_INET) {
            asker.setIpv4(senders.get(IPV4, from + IPV4_AT), port);
        } else {
            asker.setIpv6(
                    senders.get(IPV6_HALF, from + IPV6_AT), senders.get(IPV6_HALF, from + IPV6_AT + Long.BYTES), port);
        }
    }

    /**
     * Puts the answer to a received datagram into the row of those to be sent.
     *
     * @param mayJoin whether it may go in one datagram with the answer before it
     */
    void put(int receivedIndex, byte[] answer, int length, boolean mayJoin) {
        MemorySegment.copy(answer, 0, octetsOut, JAVA_BYTE, (long) octetsEach * answers, length);
        iovecsOut.set(JAVA_LONG, (long) IOVEC * answers + IOVEC_LENGTH, length);
        if (mayJoin && joins && canJoin(receivedIndex, length)) {
            segments++;
            hasSegments = true;
            long header = (long) HEADER * (datagrams - 1);
            toSend.set(JAVA_LONG, header + IOV_COUNT, segments);
            toSend.set(JAVA_LONG, header + CONTROL_LENGTH, CMSG);
            controls.set(JAVA_SHORT, (long) CMSG * (datagrams - 1) + CMSG_DATA, (short) length);
        } else {
            begin(datagrams++, answers, receivedIndex);
            segments = mayJoin ? 1 : 0;
            segmentLength = length;
            segmentsTo = receivedIndex;
        }
        answers++;
    }

    private void begin(int datagram, int answer, int receivedIndex) {
        long header = (long) HEADER * datagram;
        toSend.set(JAVA_LONG, header + NAME, senders.address() + (long) ADDRESS * receivedIndex);
        toSend.set(JAVA_INT, header + NAME_LENGTH, received.get(JAVA_INT, (long) HEADER * receivedIndex + NAME_LENGTH));
        toSend.set(JAVA_LONG, header + IOV, iovecsOut.address() + (long) IOVEC * answer);
        toSend.set(JAVA_LONG, header + IOV_COUNT, 1);
        toSend.set(JAVA_LONG, header + CONTROL_LENGTH, 0);
    }

    private boolean canJoin(int receivedIndex, int length) {
        return segments > 0
                && segments < SEGMENTS_MAX
                && length == segmentLength
                && (segments + 1) * length <= SEGMENTED_OCTETS_MAX
                && isSameSender(receivedIndex, segmentsTo);
    }

    /** Whole rows: what is behind an address is never written to. */
    private boolean isSameSender(int one, int other) {
        for (int at = 0; at < ADDRESS; at += Long.BYTES) {
            if (senders.get(JAVA_LONG, (long) ADDRESS * one + at)
                    != senders.get(JAVA_LONG, (long) ADDRESS * other + at)) {
                return false;
            }
        }
        return true;
    }

    /** How many datagrams are to be sent. */
    int datagrams() {
        return datagrams;
    }

    /** Whether any of them is more than one answer. */
    boolean hasSegments() {
        return hasSegments;
    }

    /** How many answers a datagram to be sent is. */
    int segments(int datagram) {
        return (int) toSend.get(JAVA_LONG, (long) HEADER * datagram + IOV_COUNT);
    }

    /** Makes one of the answers in a datagram that datagram, without the others; each after the one before it, from the first. */
    void leave(int datagram, int segment) {
        long header = (long) HEADER * datagram;
        if (segment > 0) {
            toSend.set(JAVA_LONG, header + IOV, toSend.get(JAVA_LONG, header + IOV) + IOVEC);
        }
        toSend.set(JAVA_LONG, header + IOV_COUNT, 1);
        toSend.set(JAVA_LONG, header + CONTROL_LENGTH, 0);
    }

    /** From now on each answer is a datagram. */
    void joinNone() {
        joins = false;
    }

    /** Makes the places of that many received datagrams ready again, and those of all that was to be sent. */
    void reset(int count) {
        for (int i = 0; i < count; i++) {
            received.set(JAVA_INT, (long) HEADER * i + NAME_LENGTH, ADDRESS_LENGTH);
        }
        answers = 0;
        datagrams = 0;
        segments = 0;
        hasSegments = false;
    }
}
