package io.anycastle.proxy.origin;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Arrays;
import java.util.stream.Stream;

/** The kinds of sockets that the edge may have. */
enum Transport {
    NIO,
    EPOLL;

    /** Those that this machine has. */
    static Stream<Transport> available() {
        return Arrays.stream(values()).filter(kind -> kind == NIO || Epoll.isAvailable());
    }

    IoHandlerFactory handlers() {
        return this == NIO ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
    }

    Channel socket() {
        return this == NIO ? new NioSocketChannel() : new EpollSocketChannel();
    }
}
