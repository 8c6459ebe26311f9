package io.anycastle.proxy;

import com.sun.management.ThreadMXBean;
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

/** What this process uses: of the heap after a full collection, and of what its libraries and direct buffers have from malloc. */
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
