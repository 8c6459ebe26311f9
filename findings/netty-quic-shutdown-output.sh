#!/bin/sh
# Expected: shutdownOutput() of a QUIC stream ends it behind what was written before, as shutting down a TCP channel's output does and as
#           Netty's documentation of DuplexChannel lets one think.
# Instead:  what the peer's window has not let through yet waits in a queue, the end does not: the peer reads a stream that is cut off and
#           has ended well. The write that waited fails afterwards.
# Here:     Http3StreamOutput writes the end as a frame, which waits in the same queue; EveryWireTest sends bodies larger than all windows.
set -eu
version=4.2.18.Final
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>io.netty</groupId><artifactId>netty-codec-classes-quic</artifactId><version>$version</version></dependency>
<dependency><groupId>io.netty</groupId><artifactId>netty-codec-native-quic</artifactId><version>$version</version><classifier>linux-x86_64</classifier></dependency>
</dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2
keytool -genkeypair -alias a -keyalg EC -dname CN=a.example -storetype PKCS12 -keystore a.p12 -storepass changeit 2>/dev/null
cat >Probe.java <<'JAVA'
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.*;
import io.netty.channel.*;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.*;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

public class Probe {
    static final int WINDOW = 65_536;
    static final int BODY = 1_000_000;

    public static void main(String[] args) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        var store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream("a.p12"), "changeit".toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        var heard = new CompletableFuture<Long>();
        var opened = new CompletableFuture<Channel>();
        var bound = new Bootstrap().group(loops).channel(NioDatagramChannel.class).handler(new QuicServerCodecBuilder()
                .sslContext(QuicSslContextBuilder.forServer(keys, null).applicationProtocols("p").build())
                .initialMaxData(WINDOW).initialMaxStreamDataBidirectionalRemote(WINDOW).initialMaxStreamsBidirectional(1)
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                    protected void initChannel(QuicStreamChannel stream) {
                        stream.config().setAutoRead(false);
                        stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            long octets;
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                octets += ((ByteBuf) message).readableBytes();
                                ((ByteBuf) message).release();
                            }
                            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                                if (event instanceof ChannelInputShutdownEvent) {
                                    heard.complete(octets);
                                }
                            }
                        });
                        opened.complete(stream);
                    }
                }).build()).bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        var client = new Bootstrap().group(loops).channel(NioDatagramChannel.class).handler(new QuicClientCodecBuilder()
                .sslContext(QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .applicationProtocols("p").build())
                .initialMaxData(WINDOW).initialMaxStreamDataBidirectionalLocal(WINDOW).build()).bind(0).sync().channel();
        var quic = QuicChannel.newBootstrap(client).handler(new ChannelInboundHandlerAdapter())
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), ((InetSocketAddress) bound.localAddress()).getPort()))
                .connect().get();
        var stream = quic.createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter()).get();
        ChannelFuture written = stream.writeAndFlush(Unpooled.directBuffer().writeZero(BODY));
        System.out.println("shut down: " + stream.shutdownOutput().await().isSuccess());
        opened.get(10, TimeUnit.SECONDS).config().setAutoRead(true);
        System.out.println("written " + BODY + ", read before the end: " + (heard.get(10, TimeUnit.SECONDS) < BODY ? "less" : "all"));
        System.out.println("the write: " + (written.await(10, TimeUnit.SECONDS) && written.isSuccess() ? "succeeded" : "failed"));
        System.exit(0);
    }
}
JAVA
javac -cp 'lib/*' Probe.java 2>/dev/null
java -cp 'lib/*:.' Probe 2>/dev/null >out
cat out
grep -qx 'shut down: true' out
grep -qx 'written 1000000, read before the end: less' out
grep -qx 'the write: failed' out
echo "Netty $version ends a QUIC stream before what waits to be sent on it."
