package io.anycastle.dns.listen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The socket calls of Linux that Java has no words for. One instance per thread: it holds the thread's {@code errno}. The numbers are
 * those of the generic ABI, which x86-64 and aarch64 share.
 */
final class SystemCalls {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_REUSEPORT = 15;
    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDTIMEO = 21;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;
    static final int MSG_WAITFORONE = 0x10000;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EADDRINUSE = 98;
    static final int ECONNREFUSED = 111;

    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SHUT_RDWR = 2;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = call("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT = call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMMSG = call("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SENDMMSG = call("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle SHUTDOWN = call("shutdown", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);

    private final MemorySegment captured;

    SystemCalls(Arena arena) {
        captured = arena.allocate(CAPTURED);
    }

    private static MethodHandle call(String name, MemoryLayout... arguments) {
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments), ERRNO);
    }

    /** Whether the calls exist here. */
    static boolean areAvailable() {
        return System.getProperty("os.name", "").equals("Linux") && ADDRESS.byteSize() == Long.BYTES;
    }

    int errno() {
        return (int) ERRNO_VALUE.get(captured, 0L);
    }

    /** A UDP socket's descriptor, negative on failure. */
    int socket(int family) {
        try {
            return (int) SOCKET.invokeExact(captured, family, SOCK_DGRAM_CLOEXEC, 0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int bind(int fd, MemorySegment address) {
        try {
            return (int) BIND.invokeExact(captured, fd, address, (int) address.byteSize());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int setInt(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return set(fd, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    int setTimeout(int fd, int option, long millis) {
        try (Arena arena = Arena.ofConfined()) {
            SegmentAllocator allocator = arena;
            MemorySegment timeval = allocator.allocateFrom(JAVA_LONG, millis / 1000, millis % 1000 * 1000);
            return set(fd, SOL_SOCKET, option, timeval);
        }
    }

    private int set(int fd, int level, int option, MemorySegment value) {
        try {
            return (int) SETSOCKOPT.invokeExact(captured, fd, level, option, value, (int) value.byteSize());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** How many datagrams came, negative on failure; waits for the first. */
    int receive(int fd, MemorySegment headers, int count) {
        try {
            return (int) RECVMMSG.invokeExact(captured, fd, headers, count, MSG_WAITFORONE, MemorySegment.NULL);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** How many datagrams went, negative when the first did not. */
    int send(int fd, MemorySegment headers, int count) {
        try {
            return (int) SENDMMSG.invokeExact(captured, fd, headers, count, 0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Wakes whoever waits on the socket; on UDP it also says ENOTCONN, which means nothing here. */
    void wake(int fd) {
        try {
            int ignored = (int) SHUTDOWN.invokeExact(captured, fd, SHUT_RDWR);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(captured, fd);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("a system call could not be made", e);
    }
}
