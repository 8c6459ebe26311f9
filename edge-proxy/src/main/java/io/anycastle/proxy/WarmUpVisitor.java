package io.anycastle.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One connection of a {@link WarmUp}: asks again each time that it was answered. It spends as little as it can, since it shares the
 * processor with what it is there for. Belongs to one event loop.
 */
abstract sealed class WarmUpVisitor {
    private final Consumer<ByteBuf> wire;
    private final Runnable answered;
    private final ByteBuf unread = Unpooled.buffer();

    /**
     * @param wire takes what is sent, and does not keep it
     * @param answered told of each whole answer
     */
    private WarmUpVisitor(Consumer<ByteBuf> wire, Runnable answered) {
        this.wire = wire;
        this.answered = answered;
    }

    final void send(ByteBuf octets) {
        wire.accept(octets);
    }

    final void isAnswered() {
        answered.run();
    }

    /** Takes octets that came, which stay the caller's. */
    final void receive(ByteBuf octets) {
        unread.writeBytes(octets, octets.readerIndex(), octets.readableBytes());
        read(unread);
        unread.discardReadBytes();
    }

    /** Asks for the first time. */
    abstract void begin();

    /** Reads what is whole, and leaves the rest. */
    abstract void read(ByteBuf octets);

    /** HTTP/1.1, one request after the other. */
    static final class Http1 extends WarmUpVisitor {
        private static final ByteBuf REQUEST = text("""
                GET / HTTP/1.1\r
                Host: %s\r
                User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
                Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
                Accept-Language: en-US,en;q=0.9\r
                Accept-Encoding: gzip, deflate, br, zstd\r
                Cookie: session=0123456789abcdef0123456789abcdef\r
                \r
                """.formatted(WarmUpZone.HOST));
        private static final ByteBuf HEAD_END = text("\r\n\r\n");

        private final int bodyBytes;

        /** @param bodyBytes of each answer */
        Http1(Consumer<ByteBuf> wire, Runnable answered, int bodyBytes) {
            super(wire, answered);
            this.bodyBytes = bodyBytes;
        }

        @Override
        void begin() {
            send(REQUEST.duplicate());
        }

        @Override
        void read(ByteBuf octets) {
            int end = ByteBufUtil.indexOf(HEAD_END, octets);
            int answerBytes =
                    end < 0 ? Integer.MAX_VALUE : end + HEAD_END.readableBytes() + bodyBytes - octets.readerIndex();
            if (octets.readableBytes() >= answerBytes) {
                octets.skipBytes(answerBytes);
                isAnswered();
                begin();
            }
        }
    }

    /** HTTP/2, several streams at a time; a new one for each that has ended. */
    static final class Http2 extends WarmUpVisitor {
        static final int STREAMS = 8;
        private static final int FRAME_HEADER = 9;
        /** More than comes in the longest time that a warm-up may take. */
        private static final int WINDOW = 1 << 30;

        private static final int DATA = 0;
        private static final int HEADERS = 1;
        private static final int SETTINGS = 4;
        private static final int PING = 6;
        private static final int WINDOW_UPDATE = 8;
        private static final int ACK = 1;
        private static final int END_STREAM = 1;
        private static final int END_HEADERS = 4;
        private static final int INITIAL_WINDOW_SIZE = 4;
        private static final int SETTING_BYTES = 6;

        private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
        private final Http2Headers request;
        private int nextStream = 1;

        Http2(Consumer<ByteBuf> wire, Runnable answered, String scheme) {
            super(wire, answered);
            request = new DefaultHttp2Headers()
                    .method("GET")
                    .scheme(scheme)
                    .authority(WarmUpZone.HOST)
                    .path("/")
                    .add("accept-encoding", "gzip, deflate, br, zstd")
                    .add("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36");
        }

        @Override
        void begin() {
            ByteBuf octets = text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            frame(octets, SETTING_BYTES, SETTINGS, 0, 0)
                    .writeShort(INITIAL_WINDOW_SIZE)
                    .writeInt(WINDOW);
            frame(octets, Integer.BYTES, WINDOW_UPDATE, 0, 0).writeInt(WINDOW);
            for (int stream = 0; stream < STREAMS; stream++) {
                request(octets);
            }
            send(octets);
        }

        @Override
        void read(ByteBuf octets) {
            ByteBuf said = Unpooled.buffer();
            while (octets.readableBytes() >= FRAME_HEADER) {
                int length = octets.getUnsignedMedium(octets.readerIndex());
                if (octets.readableBytes() < FRAME_HEADER + length) {
                    break;
                }
                octets.skipBytes(3);
                int type = octets.readUnsignedByte();
                int flags = octets.readUnsignedByte();
                octets.skipBytes(Integer.BYTES);
                frame(type, flags, octets.readSlice(length), said);
            }
            if (said.isReadable()) {
                send(said);
            }
        }

        private void frame(int type, int flags, ByteBuf payload, ByteBuf said) {
            if (type == SETTINGS && flags == 0) {
                frame(said, 0, SETTINGS, ACK, 0);
            } else if (type == PING && flags == 0) {
                frame(said, payload.readableBytes(), PING, ACK, 0).writeBytes(payload);
            } else if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                isAnswered();
                request(said);
            }
        }

        private void request(ByteBuf octets) {
            int start = octets.writerIndex();
            frame(octets, 0, HEADERS, END_HEADERS | END_STREAM, nextStream);
            try {
                encoder.encodeHeaders(nextStream, request, octets);
            } catch (Http2Exception e) {
                throw new IllegalStateException(e);
            }
            octets.setMedium(start, octets.writerIndex() - start - FRAME_HEADER);
            nextStream += 2;
        }

        private static ByteBuf frame(ByteBuf octets, int length, int type, int flags, int stream) {
            return octets.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
        }
    }

    static ByteBuf text(String text) {
        return Unpooled.buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
