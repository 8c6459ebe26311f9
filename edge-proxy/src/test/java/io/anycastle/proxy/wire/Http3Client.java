package io.anycastle.proxy.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client of HTTP/3 that believes any certificate; what is not asked for is not read, and opens no window. Any thread. */
public final class Http3Client implements AutoCloseable {
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final long PATIENCE_SECONDS = 20;
    /** Netty's own, by which a client asks nothing more once it has heard of any GOAWAY. */
    private static final String VALIDATION = "Http3RequestStreamValidationHandler#0";

    private static final int WINDOW = 1 << 18;

    /** What the edge says on a stream: a field section, a piece of a body, its end, or a fault. */
    public static final class Said {
        private final List<String> fields;
        private final byte[] data;
        private final boolean isEnd;
        private final String fault;

        private Said(List<String> fields, byte[] data, boolean isEnd, String fault) {
            this.fields = List.copyOf(fields);
            this.data = data;
            this.isEnd = isEnd;
            this.fault = fault;
        }

        private static Said end(String fault) {
            return new Said(List.of(), new byte[0], true, fault);
        }

        /** Of a head or of trailers, each {@code name: value}. */
        public List<String> fields() {
            return fields;
        }

        public byte[] data() {
            return data;
        }

        public boolean isEnd() {
            return isEnd;
        }

        boolean isSection() {
            return !fields.isEmpty();
        }

        @Override
        public String toString() {
            return fields + " " + data.length + (isEnd ? " end" : "");
        }
    }

    private final Channel datagrams;
    private final QuicChannel quic;
    private final BlockingQueue<Long> goAways = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** What the edge has shown of itself. */
    public Certificate certificate() throws IOException {
        return Objects.requireNonNull(quic.sslEngine()).getSession().getPeerCertificates()[0];
    }

    /** Connects, which wants the handshake done. */
    public Http3Client(int port, String serverName) throws IOException {
        this(InetAddress.getLoopbackAddress(), port, serverName);
    }

    /** The same from an address of this machine. */
    Http3Client(InetAddress from, int port, String serverName) throws IOException {
        this(from, port, serverName, Duration.ofSeconds(PATIENCE_SECONDS), "h3");
    }

    /** The same, with another protocol by ALPN. */
    public Http3Client(int port, String serverName, String protocol) throws IOException {
        this(InetAddress.getLoopbackAddress(), port, serverName, Duration.ofSeconds(PATIENCE_SECONDS), protocol);
    }

    /** The same, which gives up when nothing has come for so long. */
    public Http3Client(int port, String serverName, Duration idle) throws IOException {
        this(InetAddress.getLoopbackAddress(), port, serverName, idle, "h3");
    }

    private Http3Client(InetAddress from, int port, String serverName, Duration idle, String protocol)
            throws IOException {
        this(from, port, serverName, idle, protocol, WINDOW);
    }

    /** One that lets the edge say so many octets on each stream. */
    public static Http3Client withWindow(int port, String serverName, int window) throws IOException {
        Duration idle = Duration.ofSeconds(PATIENCE_SECONDS);
        return new Http3Client(InetAddress.getLoopbackAddress(), port, serverName, idle, "h3", window);
    }

    private Http3Client(InetAddress from, int port, String serverName, Duration idle, String protocol, int window)
            throws IOException {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(protocol)
                .build();
        ChannelFuture bound = new Bootstrap()
                .group(LOOPS)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslEngineProvider(of -> tls.newEngine(of.alloc(), serverName, port))
                        .maxIdleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                        .activeConnectionIdLimit(8)
                        .initialMaxData(WINDOW * 4L)
                        .initialMaxStreamDataBidirectionalLocal(window)
                        .initialMaxStreamDataUnidirectional(WINDOW)
                        .initialMaxStreamsUnidirectional(16)
                        .build())
                .bind(from, 0);
        datagrams = bound.channel();
        await(bound);
        try {
            quic = await(QuicChannel.newBootstrap(datagrams)
                    .handler(new Connection())
                    .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .connect());
        } catch (IOException e) {
            datagrams.close();
            throw e;
        }
    }

    /** What the edge says of the connection. */
    private final class Connection extends ChannelInitializer<QuicChannel> {
        @Override
        protected void initChannel(QuicChannel channel) {
            channel.pipeline()
                    .addLast(new Http3ClientConnectionHandler(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(ChannelHandlerContext context, Object frame) {
                                    if (frame instanceof Http3GoAwayFrame goAway) {
                                        goAways.add(goAway.id());
                                    }
                                    ReferenceCountUtil.release(frame);
                                }
                            },
                            null,
                            null,
                            null,
                            true))
                    .addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void userEventTriggered(ChannelHandlerContext context, Object event) {
                            if (event instanceof QuicConnectionCloseEvent close) {
                                ended.complete(close.error());
                            }
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext context) {
                            ended.complete(-1);
                        }
                    });
        }
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Opens a stream with a head, each line {@code name: value}. */
    public Stream open(boolean isEnd, List<String> fields) throws IOException {
        Stream stream = new Stream();
        stream.channel = await(Http3.newRequestStream(quic, new ChannelInitializer<QuicStreamChannel>() {
            @Override
            protected void initChannel(QuicStreamChannel channel) {
                channel.config().setAutoRead(false);
                channel.pipeline().remove(VALIDATION);
                channel.pipeline().addLast(stream);
            }
        }));
        stream.head(fields, isEnd);
        return stream;
    }

    public Stream get(String host, String path) throws IOException {
        return open(true, List.of(":method: GET", ":scheme: https", ":authority: " + host, ":path: " + path));
    }

    /** The id of the next GOAWAY. */
    public long goAway() throws IOException {
        try {
            Long id = goAways.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (id == null) {
                throw new IOException("no GOAWAY came");
            }
            return id;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The error by which the edge has ended the connection; waits for it. Below 0 when it told none. */
    public int end() throws Exception {
        return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    public QuicChannel quic() {
        return quic;
    }

    @Override
    public void close() throws IOException {
        await(quic.close(true, 0x100, Unpooled.EMPTY_BUFFER));
        await(datagrams.close());
    }

    /** One request. */
    public static final class Stream extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
        private QuicStreamChannel channel;

        /** Says a field section: the head, or trailers. */
        public void head(List<String> fields, boolean isEnd) throws IOException {
            Http3Headers section = new DefaultHttp3Headers(false);
            for (String field : fields) {
                int colon = field.indexOf(": ", 1);
                section.add(field.substring(0, colon), field.substring(colon + 2));
            }
            ChannelFuture written = channel.writeAndFlush(new DefaultHttp3HeadersFrame(section));
            if (isEnd) {
                // behind what waits; a stream that the edge has stopped meanwhile tells so when it is read
                written.addListener(done -> channel.shutdownOutput());
            } else {
                await(written);
            }
        }

        /** Says a piece of the body, as fast as it is taken. */
        public void data(byte[] piece) throws IOException {
            await(channel.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(piece))));
        }

        /** Says a piece of the body that has nothing in it. */
        public void empty() {
            channel.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.EMPTY_BUFFER));
        }

        public void end() throws IOException {
            await(channel.shutdownOutput());
        }

        /** Gives the request up, both ways. */
        public void reset(int code) throws IOException {
            await(channel.shutdown(code));
        }

        /** What the edge says next; a fault comes as an exception. */
        public Said next() throws IOException {
            if (said.isEmpty()) {
                channel.eventLoop().execute(channel::read);
            }
            try {
                Said next = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException("nothing came");
                }
                if (!next.fault.isEmpty()) {
                    throw new IOException(next.fault);
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            try {
                if (frame instanceof Http3HeadersFrame head) {
                    List<String> fields = new ArrayList<>();
                    head.headers().forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
                    said.add(new Said(fields, new byte[0], false, ""));
                } else if (frame instanceof Http3DataFrame data) {
                    said.add(new Said(List.of(), ByteBufUtil.getBytes(data.content()), false, ""));
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                said.add(Said.end(""));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            boolean isReset = cause instanceof QuicStreamResetException;
            said.add(Said.end(
                    isReset
                            ? "reset " + ((QuicStreamResetException) cause).applicationProtocolCode()
                            : cause.toString()));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            said.add(Said.end("the stream is closed"));
        }
    }
}
