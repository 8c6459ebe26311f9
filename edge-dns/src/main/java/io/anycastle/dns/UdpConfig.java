package io.anycastle.dns;

/**
 * How UDP is served.
 *
 * @param driver which way to the sockets; {@link Driver#AUTO} takes the best that works
 * @param threads sockets and threads per listen address, 1 to 256
 * @param payloadMax largest answer in octets that a client with EDNS gets, 512 to 4096
 * @param batch datagrams per system call, 1 to 1024
 * @param socketBufferBytes asked for each direction of each socket, 4096 to 1 GiB; the system may give less
 */
public record UdpConfig(Driver driver, int threads, int payloadMax, int batch, int socketBufferBytes) {
    public static final UdpConfig DEFAULTS =
            new UdpConfig(Driver.AUTO, Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4), 1232, 64, 4 << 20);

    public UdpConfig withDriver(Driver other) {
        return new UdpConfig(other, threads, payloadMax, batch, socketBufferBytes);
    }

    public UdpConfig withThreads(int other) {
        return new UdpConfig(driver, other, payloadMax, batch, socketBufferBytes);
    }

    /** The ways to serve UDP, best first. */
    public enum Driver {
        /** The first of the others that works here. */
        AUTO,
        /** System calls for whole batches, one platform thread per socket. */
        FFM,
        /** Netty's epoll channel on a Vert.x event loop. */
        EPOLL,
        /** Netty's NIO channel on a Vert.x event loop; works everywhere. */
        NIO
    }
}
