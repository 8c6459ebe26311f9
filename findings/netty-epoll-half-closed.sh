#!/bin/sh
# Expected: a socket whose other side has ended its half can be written to for as long as that side reads (ALLOW_HALF_CLOSURE).
# Instead:  Netty's epoll transport takes such a socket out of epoll's set, since it asks for nothing at that moment, and then tries to
#           change its entry there: the first write that the kernel does not take at once fails, and what waits behind it is dropped. The
#           NIO transport does it right, and so does epoll as long as every write fits the socket's buffer.
# Here:     EpollRegistration asks for one thing more, so that a socket is never taken out.
# Needs:    Linux on x86_64.
set -eu
version=4.2.18.Final
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies><dependency><groupId>io.netty</groupId><artifactId>netty-transport-native-epoll</artifactId>
<version>$version</version><classifier>linux-x86_64</classifier></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2
cat >Probe.java <<'JAVA'
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

public class Probe {
    static final int SENT = 8 * 1024 * 1024;

    static String heard(IoHandlerFactory handlers, ChannelFactory<Channel> sockets) throws Exception {
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, handlers);
        CountDownLatch halfClosed = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = new Bootstrap()
                    .group(loop)
                    .channelFactory(sockets)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void userEventTriggered(ChannelHandlerContext context, Object event) {
                            if (event instanceof ChannelInputShutdownEvent) {
                                halfClosed.countDown();
                            }
                        }
                    })
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            try (Socket peer = server.accept()) {
                peer.shutdownOutput();
                halfClosed.await();
                channel.eventLoop().submit(() -> {}).sync(); // after all that the end makes it do
                channel.writeAndFlush(channel.alloc().buffer(SENT).writeZero(SENT))
                        .addListener(done -> channel.close());
                return peer.getInputStream().readAllBytes().length == SENT ? "all" : "a part";
            }
        } finally {
            loop.shutdownGracefully();
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("nio, heard: " + heard(NioIoHandler.newFactory(), NioSocketChannel::new));
        System.out.println("epoll, heard: " + heard(EpollIoHandler.newFactory(), EpollSocketChannel::new));
        System.exit(0);
    }
}
JAVA
seen=$(java -cp 'lib/*' Probe.java 2>/dev/null)
echo "Netty $version"
echo "$seen"
[ "$seen" = "nio, heard: all
epoll, heard: a part" ] || { echo "changed"; exit 1; }
