package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/3 (RFC 9114): many requests at the same time, each on a QUIC stream of its own, on Netty's codec. Field
 * sections refer to no table that the client could fill (RFC 9204 section 3.2.3). Belongs to its event loop.
 */
final class Http3ClientConnection extends ConnectionFacts {
    /** More than any head that is within the limits, so that the edge itself refuses what is beyond them. */
    private static final int HEAD_SLACK_BYTES = 64 * 1024;

    private static final long ID_STEP = 4;
    /** The greatest number of a stream that a client can open (RFC 9000 section 2.1). */
    private static final long ID_MAX = (1L << 62) - ID_STEP;

    /** Parts of a round trip and of a client's delay that make three probe timeouts (RFC 9002 section 6.2.1), without its variation. */
    private static final int CLOSING_ROUND_TRIPS = 9;

    private static final long CLOSING_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(75);

    private final QuicChannel quic;
    private final FieldSectionReader requests;
    private final Set<Http3StreamHandler> streams = new LinkedHashSet<>();
    private final ControlFrames broken;
    private int brokenInAll;
    private long nextId;
    private long refusedFrom = Long.MAX_VALUE;
    private boolean isLastAnnounced;
    private boolean hasSpoken;
    private boolean isClosing;
    private long idleSince = System.nanoTime();

    Http3ClientConnection(QuicChannel quic, ListenerConfig listener, LoopConnections loop, TlsSession tls) {
        super(quic, listener, loop, tls);
        this.quic = quic;
        this.requests = new FieldSectionReader(loop.config().heads());
        Http3Limits limits = loop.config().http3();
        this.broken = new ControlFrames(limits.resetsMax(), limits.window());
    }

    /** Netty's codec for the connection. */
    ChannelHandler codec() {
        HeadLimits heads = loop.config().heads();
        Http3SettingsFrame settings = new DefaultHttp3SettingsFrame(new Http3Settings()
                .qpackMaxTableCapacity(0)
                .qpackBlockedStreams(0)
                .enableConnectProtocol(true)
                .maxFieldSectionSize(heads.headersBytesMax() + heads.targetBytesMax() + HEAD_SLACK_BYTES));
        return new Http3ServerConnectionHandler(
                new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel channel) {
                        begin(channel);
                    }
                },
                new Control(),
                null,
                settings,
                true);
    }

    /** What the client says of the connection. */
    private final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            ReferenceCountUtil.release(frame);
            hasSpoken();
            countIdleFrame();
        }
    }

    private void begin(QuicStreamChannel channel) {
        long id = channel.streamId();
        if (id >= refusedFrom) {
            channel.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code());
            channel.close();
            return;
        }
        nextId = Math.max(nextId, id + ID_STEP);
        channel.pipeline().addFirst(new Http3StreamOutput());
        channel.pipeline().addLast(new Http3StreamHandler(this, channel));
    }

    FieldSectionReader requests() {
        return requests;
    }

    void hasSpoken() {
        hasSpoken = true;
    }

    // ---- its streams

    void opened(Http3StreamHandler stream) {
        streams.add(stream);
    }

    void closed(Http3StreamHandler stream) {
        streams.remove(stream);
        idleSince = System.nanoTime();
    }

    /**
     * Begins a request.
     *
     * @param isEnd whether no body follows
     * @param known hears of the stream before anyone else does
     * @return null when the head is malformed
     */
    @Nullable
    Http3ClientStream begin(
            QuicStreamChannel channel, Http3Headers headers, boolean isEnd, Consumer<Http3ClientStream> known) {
        RequestHead head = loop.takeHead();
        HeadFault fault;
        long length;
        try {
            fault = requests.read(headers, HttpVersion.HTTP_3, head);
            length = fault == null ? FieldSectionReader.length(head, isEnd) : 0;
        } catch (FieldSectionReader.MalformedException e) {
            loop.giveBack(head);
            return null;
        }
        Http3ClientStream own = new Http3ClientStream(this, channel, head);
        known.accept(own);
        own.readBegins();
        if (!isEnd) {
            channel.config().setAutoRead(false); // until somebody wants the body
        }
        if (fault == null) {
            own.begin(length);
        } else {
            own.refuse(fault, isEnd);
        }
        return own;
    }

    /** A request was broken off, by either side. */
    void countBroken() {
        brokenInAll++;
        countIdleFrame();
        if (brokenInAll > loop.config().http3().brokenMax()) {
            endSoon(); // the codec keeps something of each of them for as long as the connection stands
        }
    }

    /** Something came that asks for work and carries nothing. */
    void countIdleFrame() {
        if (broken.isFlooded(System.nanoTime()) && !isClosing) {
            loop.counters().count(Event.HTTP3_FLOODS);
            close(Http3ErrorCode.H3_EXCESSIVE_LOAD);
        }
    }

    // ---- its life

    @Override
    boolean isBusy() {
        return !streams.isEmpty();
    }

    /** New requests are still taken, but the client learns that it should go elsewhere (RFC 9114 section 5.2). */
    @Override
    void lastCall() {
        super.lastCall();
        if (!isLastAnnounced) {
            isLastAnnounced = true;
            goAway(ID_MAX);
        }
    }

    /** No new requests are taken; those under way are answered. */
    @Override
    public void endSoon() {
        lastCall();
        if (!endsSoon()) {
            refusedFrom = nextId;
            goAway(nextId);
        }
        markEndsSoon();
    }

    @Override
    void stops(boolean hasTime) {
        List.copyOf(streams).forEach(stream -> stream.stops(hasTime));
    }

    private void goAway(long id) {
        Channel control = Http3.getLocalControlStream(quic);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(id));
        }
    }

    @Override
    void close() {
        close(Http3ErrorCode.H3_NO_ERROR);
    }

    private void close(Http3ErrorCode why) {
        isClosing = true;
        quic.close(true, why.code(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    void expire(long nowNanos) {
        if (isBusy()) {
            List.copyOf(streams).forEach(stream -> stream.expire(nowNanos));
        } else if (endsSoon()) {
            closeWhenTaken(nowNanos);
        } else {
            ClientLimits limits = loop.limits();
            long idleMax = (hasSpoken ? limits.idle() : limits.head()).toNanos();
            if (nowNanos - idleSince > idleMax) {
                endSoon();
            }
        }
    }

    /** Closes once the client should have what was sent last: what is not sent again by then is lost with the connection. */
    private void closeWhenTaken(long nowNanos) {
        quic.collectPathStats(0).addListener(stats -> {
            long roundTrip =
                    stats.isSuccess() && stats.getNow() instanceof QuicConnectionPathStats path ? path.rtt() : 0;
            if (nowNanos - idleSince > CLOSING_ROUND_TRIPS * roundTrip + CLOSING_DELAY_NANOS) {
                close();
            }
        });
    }
}
