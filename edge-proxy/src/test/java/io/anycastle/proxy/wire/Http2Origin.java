package io.anycastle.proxy.wire;

import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** An origin of HTTP/2 that does with each connection what the test says, frame by frame, on a thread of its own. */
public final class Http2Origin implements AutoCloseable {
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int PREFACE_BYTES = 24;
    private static final int WINDOW = 65_535;
    private static final int FRAME_MAX = 16_384;

    /** What happens on one connection. */
    public interface Behaviour {
        void serve(Peer peer) throws Exception;
    }

    private final RawOrigin sockets;

    /** One of prior knowledge that greets with these settings, each a pair of number and value. */
    public Http2Origin(Behaviour behaviour, int... settings) throws IOException {
        sockets = new RawOrigin(connection -> new Peer(connection.socket(), connection.number())
                .greet(settings)
                .serve(behaviour));
    }

    private Http2Origin(TestCertificate certificate, Behaviour behaviour, int... settings) throws Exception {
        SSLContext context = certificate.server();
        sockets = new RawOrigin(connection -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(connection.socket(), null, true);
            tls.setUseClientMode(false);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            new Peer(tls, connection.number()).greet(settings).serve(behaviour);
        });
    }

    /** One that speaks it in TLS, and nothing else. */
    public static Http2Origin tls(TestCertificate certificate, Behaviour behaviour, int... settings) throws Exception {
        return new Http2Origin(certificate, behaviour, settings);
    }

    /** Answers each request with that body. */
    public static Behaviour answering(String body) {
        return peer -> {
            while (true) {
                Frame request = peer.request();
                peer.answer(request.id(), body);
            }
        };
    }

    public int port() {
        return sockets.port();
    }

    public int connections() {
        return sockets.connections();
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }

    /**
     * A frame of the edge's.
     *
     * @param fields of HEADERS, each {@code name: value}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Frame(int type, int flags, int id, List<String> fields, byte[] payload) {
        public boolean isEnd() {
            return (flags & Http2Client.END_STREAM) != 0;
        }

        public int code() {
            return ByteBuffer.wrap(payload).getInt();
        }

        public String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        public String field(String name) {
            return fields.stream()
                    .filter(field -> field.startsWith(name + ": "))
                    .map(field -> field.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }
    }

    /** The edge, as the origin sees it: SETTINGS, PING and WINDOW_UPDATE are dealt with, everything else is told. */
    public static final class Peer {
        private final Socket socket;
        private final int number;
        private final DataInputStream in;
        private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
        private final Deque<Frame> put = new ArrayDeque<>();
        private final Map<Integer, Long> windows = new HashMap<>();
        private long window = WINDOW;
        private long initialWindow = WINDOW;
        private int pings;

        private Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        }

        private Peer greet(int... settings) throws IOException {
            byte[] preface = in.readNBytes(PREFACE_BYTES);
            if (!new String(preface, StandardCharsets.US_ASCII).startsWith("PRI * HTTP/2.0")) {
                throw new IOException("the edge speaks no HTTP/2");
            }
            settings(settings);
            return this;
        }

        private void serve(Behaviour behaviour) throws Exception {
            behaviour.serve(this);
        }

        /** Counts connections from 1. */
        public int number() {
            return number;
        }

        public Socket socket() {
            return socket;
        }

        /** How many PINGs came. */
        public int pings() {
            return pings;
        }

        public void settings(int... pairs) throws IOException {
            ByteBuffer payload = ByteBuffer.allocate(pairs.length / 2 * 6);
            for (int i = 0; i < pairs.length; i += 2) {
                payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
            }
            frame(Http2Client.SETTINGS, 0, 0, payload.array());
        }

        /** The next head, and only that. */
        public Frame request() throws Exception {
            Frame frame = next();
            while (frame.type() != Http2Client.HEADERS) {
                frame = next();
            }
            return frame;
        }

        /** The next frame of a request. */
        public Frame next() throws Exception {
            Frame first = put.pollFirst();
            return first != null ? first : read();
        }

        private Frame read() throws Exception {
            Optional<Frame> frame = readOne();
            while (frame.isEmpty()) {
                frame = readOne();
            }
            return frame.get();
        }

        /** Reads a frame; empty when it is dealt with. */
        private Optional<Frame> readOne() throws Exception {
            Frame frame = readAny();
            switch (frame.type()) {
                case Http2Client.SETTINGS -> heardSettings(frame);
                case Http2Client.WINDOW_UPDATE -> heardWindow(frame);
                case Http2Client.PING -> {
                    pings++;
                    if ((frame.flags() & Http2Client.ACK) == 0) {
                        frame(Http2Client.PING, Http2Client.ACK, 0, frame.payload());
                    }
                }
                default -> {
                    return Optional.of(frame);
                }
            }
            return Optional.empty();
        }

        private Frame readAny() throws IOException, Http2Exception {
            int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int id = in.readInt();
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.writeBytes(exactly(length));
            List<String> fields = new ArrayList<>();
            if (type == Http2Client.HEADERS) {
                int last = flags;
                while ((last & Http2Client.END_HEADERS) == 0) {
                    int more = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                    in.readUnsignedByte();
                    last = in.readUnsignedByte();
                    in.readInt();
                    payload.writeBytes(exactly(more));
                }
                decoder.decodeHeaders(id, Unpooled.wrappedBuffer(payload.toByteArray()))
                        .forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
            }
            return new Frame(type, flags, id, fields, payload.toByteArray());
        }

        private byte[] exactly(int length) throws IOException {
            byte[] octets = in.readNBytes(length);
            if (octets.length < length) {
                throw new EOFException();
            }
            return octets;
        }

        private void heardSettings(Frame frame) throws IOException {
            if ((frame.flags() & Http2Client.ACK) != 0) {
                return;
            }
            ByteBuffer pairs = ByteBuffer.wrap(frame.payload());
            while (pairs.hasRemaining()) {
                int setting = pairs.getShort();
                int value = pairs.getInt();
                if (setting == Http2Client.INITIAL_WINDOW_SIZE) {
                    long more = value - initialWindow;
                    windows.replaceAll((id, before) -> before + more);
                    initialWindow = value;
                }
            }
            frame(Http2Client.SETTINGS, Http2Client.ACK, 0, new byte[0]);
        }

        private void heardWindow(Frame frame) {
            if (frame.id() == 0) {
                window += frame.code();
            } else {
                windows.merge(frame.id(), frame.code() + initialWindow, (before, first) -> before + frame.code());
            }
        }

        /** Writes one frame, right or wrong. */
        public void frame(int type, int flags, int id, byte[] payload) throws IOException {
            Http2Client.write(socket, type, flags, id, payload);
        }

        public void head(int id, boolean isEnd, String... fields) throws IOException {
            int end = isEnd ? Http2Client.END_STREAM : 0;
            frame(Http2Client.HEADERS, Http2Client.END_HEADERS | end, id, Http2Client.block(List.of(fields)));
        }

        public void data(int id, String latin1, boolean isEnd) throws IOException {
            frame(
                    Http2Client.DATA,
                    isEnd ? Http2Client.END_STREAM : 0,
                    id,
                    latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Sends a large piece of a body as fast as the edge opens its windows. */
        public void data(int id, byte[] piece) throws Exception {
            for (int at = 0; at < piece.length; ) {
                long open = Math.min(window, windows.computeIfAbsent(id, first -> initialWindow));
                if (open <= 0) {
                    readOne().ifPresent(put::addLast);
                    continue;
                }
                int size = (int) Math.min(Math.min(open, FRAME_MAX), piece.length - at);
                frame(Http2Client.DATA, 0, id, Arrays.copyOfRange(piece, at, at + size));
                window -= size;
                windows.merge(id, (long) -size, Long::sum);
                at += size;
            }
        }

        /** A whole answer. */
        public void answer(int id, String body) throws IOException {
            head(id, false, ":status: 200", "content-length: " + body.length());
            data(id, body, true);
        }

        public void took(int id, int octets) throws IOException {
            byte[] more = ByteBuffer.allocate(4).putInt(octets).array();
            frame(Http2Client.WINDOW_UPDATE, 0, 0, more);
            frame(Http2Client.WINDOW_UPDATE, 0, id, more);
        }

        public void reset(int id, int code) throws IOException {
            frame(
                    Http2Client.RST_STREAM,
                    0,
                    id,
                    ByteBuffer.allocate(4).putInt(code).array());
        }

        public void goAway(int last, int code) throws IOException {
            frame(
                    Http2Client.GOAWAY,
                    0,
                    0,
                    ByteBuffer.allocate(8).putInt(last).putInt(code).array());
        }

        /** Neither reads nor writes until the test ends. */
        public void holdOpen() {
            while (!socket.isClosed()) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
