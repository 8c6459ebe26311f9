#!/bin/sh
# Expected: a server hears that a TLS client has said all (close_notify), and can still answer: each direction ends by itself (RFC 8446
#           section 6.1), as it does with the JDK's TLS in the same SslHandler.
# Instead:  Netty's engine for BoringSSL ends its own direction as soon as the client has ended the client's: what is written from then on
#           never arrives. BoringSSL itself would take it.
# Here:     NativeTlsHandler works on BoringSSL without that engine.
# Needs:    Linux on x86_64.
set -eu
version=4.2.18.Final
tcnative=2.0.84.Final
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies><dependency><groupId>io.netty</groupId><artifactId>netty-handler</artifactId><version>$version</version></dependency>
<dependency><groupId>io.netty</groupId><artifactId>netty-tcnative-boringssl-static</artifactId><version>$tcnative</version>
<classifier>linux-x86_64</classifier></dependency>
<dependency><groupId>io.netty</groupId><artifactId>netty-tcnative-classes</artifactId><version>$tcnative</version></dependency>
</dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2
keytool -genkeypair -alias a -keyalg EC -dname CN=probe.test -storetype PKCS12 -keystore keys.p12 -storepass changeit 2>keytool.log
cat >Probe.java <<'JAVA'
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

public class Probe {
    static String heard(SslProvider provider) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream("keys.p12"), "changeit".toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        SslContext context =
                SslContextBuilder.forServer(keys).sslProvider(provider).protocols("TLSv1.3").build();
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(context.newHandler(channel.alloc()), new ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                                if (event instanceof SslCloseCompletionEvent) {
                                    ctx.writeAndFlush(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII))
                                            .addListener(ChannelFutureListener.CLOSE);
                                }
                            }
                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        try (SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write('q');
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } finally {
            loop.shutdownGracefully();
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("JDK, heard: " + heard(SslProvider.JDK));
        System.out.println("BoringSSL, heard: " + heard(SslProvider.OPENSSL));
        System.exit(0);
    }
}
JAVA
seen=$(java -cp 'lib/*' Probe.java 2>/dev/null)
echo "Netty $version, tcnative $tcnative"
echo "$seen"
[ "$seen" = "JDK, heard: answer
BoringSSL, heard: " ] || { echo "changed"; exit 1; }
