package io.anycastle.proxy.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Says in TLS what it hears, in pieces of all kinds and sizes, and {@code bye} to who says that nothing more comes. What its handlers are
 * told is kept.
 */
final class EchoServer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final Channel listening;

    EchoServer(NativeTlsContext tls, Duration handshake) {
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.handler(handshake), new Echo());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** The next that its handlers were told, or {@code closed}. */
    Object event() throws InterruptedException {
        return events.poll(20, TimeUnit.SECONDS);
    }

    /** Octets in buffers that nobody has released. */
    long held() {
        return buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Echo extends ChannelInboundHandlerAdapter {
        private final Random random = new Random(7);

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf heard = (ByteBuf) message;
            while (heard.isReadable()) {
                int count = Math.min(heard.readableBytes(), 1 + random.nextInt(1 << random.nextInt(17)));
                context.write(
                        switch (random.nextInt(3)) {
                            case 0 -> heard.readRetainedSlice(count);
                            case 1 -> context.alloc().heapBuffer(count).writeBytes(heard, count);
                            default -> context.alloc().directBuffer(count).writeBytes(heard, count);
                        });
                if (random.nextBoolean()) {
                    context.write(context.alloc().buffer(0));
                }
            }
            heard.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == SslCloseCompletionEvent.SUCCESS) {
                context.write(context.alloc().buffer(3).writeBytes(new byte[] {'b', 'y', 'e'}));
                context.flush();
                context.channel().close();
            }
            if (event instanceof TlsSession || event instanceof SslHandshakeCompletionEvent) {
                events.add(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add(cause);
            context.channel().close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            events.add("closed");
        }
    }
}
