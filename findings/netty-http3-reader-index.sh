#!/bin/sh
# Expected: an HTTP/3 DATA frame carries the readable octets of its buffer, wherever reading begins in it.
# Instead:  Netty's codec sends as many octets as are readable, but from the buffer's first one on: the body arrives with its right length
#           and wrong contents, without an error on either side. HTTP/2 sends the same buffer right.
# Here:     Http3ClientStream hands over a slice, in which reading begins at the first octet; FlupkeTest and EveryWireTest compare bodies.
set -eu
version=4.2.18.Final
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>io.netty</groupId><artifactId>netty-codec-http3</artifactId><version>$version</version></dependency>
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
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.*;
import io.netty.handler.codec.quic.*;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

public class Probe {
    public static void main(String[] args) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        var store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream("a.p12"), "changeit".toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        var heard = new CompletableFuture<String>();
        var server = new QuicServerCodecBuilder()
                .sslContext(QuicSslContextBuilder.forServer(keys, null).applicationProtocols("h3").build())
                .initialMaxData(1 << 20).initialMaxStreamDataBidirectionalRemote(1 << 18)
                .initialMaxStreamDataUnidirectional(1 << 18).initialMaxStreamsBidirectional(10).initialMaxStreamsUnidirectional(10)
                .handler(new ChannelInitializer<QuicChannel>() {
                    protected void initChannel(QuicChannel channel) {
                        channel.pipeline().addLast(new Http3ServerConnectionHandler(new ChannelInitializer<QuicStreamChannel>() {
                            protected void initChannel(QuicStreamChannel stream) {
                                stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                                    public void channelRead(ChannelHandlerContext context, Object frame) {
                                        if (frame instanceof Http3DataFrame data) {
                                            heard.complete(data.content().toString(StandardCharsets.US_ASCII));
                                        }
                                    }
                                });
                            }
                        }));
                    }
                }).build();
        var bound = new Bootstrap().group(loops).channel(NioDatagramChannel.class).handler(server)
                .bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        var client = new Bootstrap().group(loops).channel(NioDatagramChannel.class).handler(new QuicClientCodecBuilder()
                .sslContext(QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .applicationProtocols("h3").build())
                .initialMaxData(1 << 20).initialMaxStreamDataUnidirectional(1 << 18).initialMaxStreamsUnidirectional(10).build())
                .bind(0).sync().channel();
        var quic = QuicChannel.newBootstrap(client).handler(new Http3ClientConnectionHandler())
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), ((InetSocketAddress) bound.localAddress()).getPort()))
                .connect().get();
        var stream = Http3.newRequestStream(quic, new ChannelInboundHandlerAdapter()).get();
        var head = new DefaultHttp3HeadersFrame();
        head.headers().method("POST").scheme("https").authority("a.example").path("/");
        stream.writeAndFlush(head).sync();
        ByteBuf buffer = Unpooled.directBuffer().writeBytes("head|body".getBytes(StandardCharsets.US_ASCII));
        buffer.skipBytes(5);
        System.out.println("readable: " + buffer.toString(StandardCharsets.US_ASCII));
        stream.writeAndFlush(new DefaultHttp3DataFrame(buffer)).sync();
        System.out.println("received: " + heard.get(10, TimeUnit.SECONDS));
        System.exit(0);
    }
}
JAVA
javac -cp 'lib/*' Probe.java 2>/dev/null
java -cp 'lib/*:.' Probe 2>/dev/null >out
cat out
grep -qx 'readable: body' out
grep -qx 'received: head' out
echo "Netty $version sends a DATA frame's octets from its buffer's first one on."
