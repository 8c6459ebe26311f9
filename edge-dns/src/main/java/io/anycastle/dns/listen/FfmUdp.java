package io.anycastle.dns.listen;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP driver by system calls: a platform thread with a socket of its own takes whole batches of queries and sends whole batches of
 * answers. Sockets of one address share it (SO_REUSEPORT); the kernel spreads the askers over them.
 */
final class FfmUdp implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(FfmUdp.class);

    /** Waits this long at most, should the wake-up at closing be lost. */
    private static final long WAIT_MS = 1000;

    /** Fewer datagrams than this have little to wait for together. */
    private static final int FORESEEN_MIN = 8;

    private static final long PAUSE_AFTER_FAULT_NANOS = 10_000_000;

    private final InetSocketAddress address;
    private final UdpConfig config;
    private final Responder responder;
    private final DnsCounters.Lane counters;
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean closing;
    private volatile int fd = -1;

    FfmUdp(InetSocketAddress address, UdpConfig config, Responder responder, DnsCounters.Lane counters) {
        this.address = address;
        this.config = config;
        this.responder = responder;
        this.counters = counters;
    }

    @Override
    public Future<?> open(Context context) {
        try {
            open();
            return Future.succeededFuture();
        } catch (IOException e) {
            ended.complete();
            return Future.failedFuture(e);
        }
    }

    /** Opens the socket and starts the thread. */
    void open() throws IOException {
        fd = openSocket();
        try {
            Thread.ofPlatform()
                    .daemon()
                    .name("dns-udp-" + address.getAddress().getHostAddress() + ":" + address.getPort())
                    .start(this::run);
        } catch (OutOfMemoryError e) {
            closeSocket();
            throw new IOException("no thread could be started for UDP on " + address, e);
        }
    }

    @Override
    public boolean isAnswering() {
        return fd >= 0;
    }

    @Override
    public Future<?> close(Context context) {
        return close();
    }

    /** Ends the thread, which then closes the socket: nobody does before, because a descriptor's number may be another's at once. */
    synchronized Future<Void> close() {
        closing = true;
        int socket = fd;
        if (socket >= 0) {
            withCalls(calls -> calls.wake(socket));
        }
        return ended.future();
    }

    /** Its share of the askers goes to the other sockets of the address, if there are any. Who finds it not answering finds it closed. */
    private synchronized void closeSocket() {
        int socket = fd;
        try {
            withCalls(calls -> calls.close(socket));
        } finally {
            fd = -1;
        }
    }

    private static void withCalls(Consumer<SystemCalls> work) {
        try (Arena arena = Arena.ofConfined()) {
            work.accept(new SystemCalls(arena));
        }
    }

    private int openSocket() throws IOException {
        boolean ipv6 = address.getAddress() instanceof Inet6Address;
        try (Arena arena = Arena.ofConfined()) {
            SystemCalls calls = new SystemCalls(arena);
            int socket = calls.socket(ipv6 ? SystemCalls.AF_INET6 : SystemCalls.AF_INET);
            if (socket < 0) {
                throw new IOException("no UDP socket could be made (errno " + calls.errno() + ")");
            }
            calls.setInt(socket, SystemCalls.SOL_SOCKET, SystemCalls.SO_REUSEPORT, 1);
            calls.setInt(socket, SystemCalls.SOL_SOCKET, SystemCalls.SO_RCVBUF, config.socketBufferBytes());
            calls.setInt(socket, SystemCalls.SOL_SOCKET, SystemCalls.SO_SNDBUF, config.socketBufferBytes());
            calls.setTimeout(socket, SystemCalls.SO_RCVTIMEO, WAIT_MS);
            calls.setTimeout(socket, SystemCalls.SO_SNDTIMEO, WAIT_MS);
            if (ipv6) {
                calls.setInt(socket, SystemCalls.IPPROTO_IPV6, SystemCalls.IPV6_V6ONLY, 1);
            }
            if (calls.bind(socket, socketAddress(arena, address)) < 0) {
                int errno = calls.errno();
                calls.close(socket);
                throw new IOException(ListenAddresses.refusal(address, errno));
            }
            return socket;
        }
    }

    /** A {@code sockaddr_in} or {@code sockaddr_in6}; the family in the machine's order, the rest in the network's. */
    private static MemorySegment socketAddress(Arena arena, InetSocketAddress address) {
        byte[] octets = address.getAddress().getAddress();
        boolean ipv6 = octets.length == 16;
        ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 28 : 16);
        bytes.putShort(2, (short) address.getPort());
        bytes.put(ipv6 ? 8 : 4, octets);
        MemorySegment segment = arena.allocate(bytes.capacity(), 8);
        MemorySegment.copy(bytes.array(), 0, segment, JAVA_BYTE, 0, bytes.capacity());
        int family = ipv6 ? SystemCalls.AF_INET6 : SystemCalls.AF_INET;
        segment.set(JAVA_SHORT, 0, (short) family);
        if (address.getAddress() instanceof Inet6Address scoped) {
            segment.set(JAVA_INT, 24, scoped.getScopeId());
        }
        return segment;
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            Work work = new Work(new SystemCalls(arena), new DatagramBatch(arena, config.batch(), config.payloadMax()));
            while (!closing) {
                work.onBatch();
            }
        } catch (RuntimeException | Error e) {
            if (!closing) {
                responder.faults().ended("UDP on " + address, e);
            }
        } finally {
            try {
                closeSocket();
            } finally {
                ended.complete();
            }
        }
    }

    /** What the thread works with, batch after batch. What goes wrong costs a query, or at worst a batch, and never the thread. */
    private final class Work {
        private final SystemCalls calls;
        private final DatagramBatch batch;
        private final byte[] query = new byte[config.payloadMax() + 64];
        private final byte[] answer = new byte[config.payloadMax() + 64];
        private final QuerySource source = new QuerySource(Transport.UDP);

        Work(SystemCalls calls, DatagramBatch batch) {
            this.calls = calls;
            this.batch = batch;
        }

        void onBatch() {
            try {
                takeAndAnswer();
            } catch (RuntimeException | Error e) {
                responder.faults().tell(e);
                batch.reset(batch.size());
                LockSupport.parkNanos(PAUSE_AFTER_FAULT_NANOS);
            }
        }

        private void takeAndAnswer() {
            int count = calls.receive(fd, batch.received(), batch.size());
            if (count < 0) {
                pauseUnlessHarmless(calls.errno());
                return;
            }
            responder.beginBatch();
            if (count >= FORESEEN_MIN && responder.prefetch().isWorthwhile()) {
                foresee(count);
            }
            int answers = 0;
            for (int i = 0; i < count; i++) {
                batch.tell(i, source);
                int length = responder.respond(query, batch.take(i, query), source, answer);
                if (length > 0) {
                    batch.put(answers++, i, answer, length);
                }
            }
            send(calls, batch, answers);
            batch.reset(count);
        }

        private void foresee(int count) {
            responder.prefetch().begin();
            for (int i = 0; i < count; i++) {
                responder.foresee(query, batch.take(i, query));
            }
            responder.prefetch().fetch();
        }
    }

    /** A datagram that the system refuses (its asker unreachable, say) is left out; the others still go. */
    private void send(SystemCalls calls, DatagramBatch batch, int answers) {
        int from = 0;
        while (from < answers) {
            int sent = calls.send(fd, batch.toSend(from), answers - from);
            if (sent > 0) {
                from += sent;
            } else if (sent == 0 || calls.errno() != SystemCalls.EINTR) {
                counters.dropped(1);
                from++;
            }
        }
    }

    private void pauseUnlessHarmless(int errno) {
        boolean harmless =
                errno == SystemCalls.EINTR || errno == SystemCalls.EAGAIN || errno == SystemCalls.ECONNREFUSED;
        if (!harmless && !closing) {
            LOG.warn("receiving on {} failed (errno {})", address, errno);
            LockSupport.parkNanos(PAUSE_AFTER_FAULT_NANOS);
        }
    }
}
