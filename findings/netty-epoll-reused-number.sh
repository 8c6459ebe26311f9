#!/bin/sh
# Expected: a connection that is begun has nothing to do with one that was closed just before: it succeeds where somebody listens.
# Instead:  where a handler closes a connection that the other side has just reset, and begins another one at once, the system gives the new
#           socket the number of the old one, and Netty's epoll transport gives it the old one's event, which it has still to tell. It takes
#           the new socket for ended and closes it: connect() fails with a ClosedChannelException before a SYN is sent. NIO does it right.
# Here:     OriginConnector begins such a connection anew. Who drops one connection for another on the event of a third meets this.
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
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

public class Probe {
    static String third(IoHandlerFactory handlers, ChannelFactory<Channel> sockets) throws Exception {
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, handlers);
        CompletableFuture<String> third = new CompletableFuture<>();
        Channel[] open = new Channel[2];
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Bootstrap bootstrap = new Bootstrap().group(loop).channelFactory(sockets).handler(new ChannelInboundHandlerAdapter() {
                @Override
                public boolean isSharable() {
                    return true;
                }
            });
            Socket[] peers = new Socket[2];
            for (int i = 0; i < 2; i++) {
                open[i] = bootstrap.connect(server.getLocalSocketAddress()).sync().channel();
                peers[i] = server.accept();
            }
            open[0].pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ReferenceCountUtil.release(message);
                    open[1].close();
                    bootstrap.connect(server.getLocalSocketAddress()).addListener(done -> third.complete(
                            done.isSuccess() ? "connected"
                            : done.cause() instanceof ClosedChannelException ? "ClosedChannelException"
                            : done.cause().toString()));
                }
            });
            // Both events are there before the loop looks.
            CountDownLatch sent = new CountDownLatch(1);
            CountDownLatch held = new CountDownLatch(1);
            loop.execute(() -> {
                held.countDown();
                try {
                    sent.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            held.await();
            peers[0].getOutputStream().write(1);
            peers[1].setSoLinger(true, 0);
            peers[1].close(); // by a reset
            sent.countDown();
            return third.get();
        } finally {
            loop.shutdownGracefully();
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("nio, the third connection: " + third(NioIoHandler.newFactory(), NioSocketChannel::new));
        System.out.println("epoll, the third connection: " + third(EpollIoHandler.newFactory(), EpollSocketChannel::new));
        System.exit(0);
    }
}
JAVA
seen=$(java -cp 'lib/*' Probe.java 2>errors) || { cat errors; exit 1; }
echo "Netty $version"
echo "$seen"
[ "$seen" = "nio, the third connection: connected
epoll, the third connection: ClosedChannelException" ] || { echo "changed"; exit 1; }
