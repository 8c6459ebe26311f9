package io.anycastle.proxy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process uses: of the heap after a full collection, of what its libraries and direct buffers have from malloc, sockets. */
final class ProcessMemory {
    private static final MemoryLayout MALLINFO2 = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
    private static final long MAPPED = 4 * Long.BYTES;
    private static final long IN_USE = 7 * Long.BYTES;

    private ProcessMemory() {}

    static long used() {
        System.gc();
        System.gc(); // what the first has found dead may have held more
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + allocated();
    }

    /** By glibc, all of its arenas together. */
    private static long allocated() {
        Linker linker = Linker.nativeLinker();
        MemoryLayout result = MemoryLayout.structLayout(MALLINFO2);
        MethodHandle mallinfo =
                linker.downcallHandle(linker.defaultLookup().findOrThrow("mallinfo2"), FunctionDescriptor.of(result));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment told = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
            return told.get(ValueLayout.JAVA_LONG, MAPPED) + told.get(ValueLayout.JAVA_LONG, IN_USE);
        } catch (Throwable e) {
            throw new AssertionError("glibc does not tell", e);
        }
    }

    /** Collects what is dead, and takes a buffer, upon which Netty reports those that died unreleased; how many of them it took. */
    static int collectBuffers() {
        int rounds = 3; // a reference that is found dead is queued a moment later
        for (int i = 0; i < rounds; i++) {
            used();
            PooledByteBufAllocator.DEFAULT.buffer().release();
        }
        return rounds;
    }

    /** How many of its file handles are of sockets, by Linux. */
    static long sockets() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(ProcessMemory::isSocket).count();
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // the one that this list is read by
        }
    }

    static long allocatedByEventLoops() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        ThreadInfo[] known = threads.getThreadInfo(ids);
        long[] octets = threads.getThreadAllocatedBytes(ids);
        long sum = 0;
        for (int i = 0; i < ids.length; i++) {
            if (known[i] != null && known[i].getThreadName().contains("eventloop")) {
                sum += octets[i];
            }
        }
        return sum;
    }
}
