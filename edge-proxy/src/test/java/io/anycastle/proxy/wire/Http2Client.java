package io.anycastle.proxy.wire;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of HTTP/2 that keeps to RFC 9113 unless a test bends its frames: one thread reads, any thread writes. */
public final class Http2Client implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int INITIAL_WINDOW_SIZE = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int WINDOW = 65_535;
    private static final int FRAME_MAX = 16_384;
    private static final long PATIENCE_SECONDS = 20;
    private static final int PADDED = 8;
    private static final int NEVER_INDEXED = 0x10;
    private static final int PREFIX_MAX = 127;

    /** What the edge says on a stream, or of the connection. */
    public static final class Said {
        private final int type;
        private final List<String> fields;
        private final byte[] data;
        private final boolean isEnd;
        private final long code;

        private Said(int type, List<String> fields, byte[] data, boolean isEnd, long code) {
            this.type = type;
            this.fields = List.copyOf(fields);
            this.data = data;
            this.isEnd = isEnd;
            this.code = code;
        }

        /** The frame's; below 0 for the connection's end. */
        public int type() {
            return type;
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

        /** Of a reset or a GOAWAY. */
        public long code() {
            return code;
        }

        public String text() {
            return new String(data, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "frame " + type + " " + fields + " code " + code;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
    private final BlockingQueue<Said> ofConnection = new LinkedBlockingQueue<>();
    private int nextId = 1;
    private long sendWindow = WINDOW;
    private int initialWindow = WINDOW;
    private boolean isGone;

    /** Greets with these settings, each a pair of number and value. */
    public Http2Client(Socket socket, int... settings) throws IOException {
        this(socket, true, settings);
    }

    private Http2Client(Socket socket, boolean reads, int... settings) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        socket.getOutputStream().write(PREFACE);
        settings(settings);
        if (reads) {
            Thread.ofVirtual().start(this::read);
        }
    }

    /** One that never reads. */
    public static Http2Client deaf(Socket socket) throws IOException {
        return new Http2Client(socket, false);
    }

    public void settings(int... pairs) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length / 2 * 6);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        frame(SETTINGS, 0, 0, payload.array());
    }

    // ---- what goes

    /** Writes one frame, right or wrong. */
    public synchronized void frame(int type, int flags, int id, byte[] payload) throws IOException {
        write(socket, type, flags, id, payload);
    }

    static void write(Socket socket, int type, int flags, int id, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(id).put(payload);
        socket.getOutputStream().write(frame.array());
        socket.getOutputStream().flush();
    }

    /** Fields as a header block, each {@code name: value} and as it stands; a name may begin with a colon. */
    public static byte[] block(List<String> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String field : fields) {
            int colon = field.indexOf(": ", 1);
            block.write(NEVER_INDEXED);
            text(block, field.substring(0, colon));
            text(block, field.substring(colon + 2));
        }
        return block.toByteArray();
    }

    /** RFC 7541 sections 5.1 and 5.2. */
    private static void text(ByteArrayOutputStream block, String text) {
        int left = text.length() - PREFIX_MAX;
        block.write(Math.min(text.length(), PREFIX_MAX));
        if (left >= 0) {
            for (; left >= 128; left >>= 7) {
                block.write((left & PREFIX_MAX) | 128);
            }
            block.write(left);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Opens a stream with a head of these fields. */
    public synchronized Stream open(boolean isEnd, List<String> fields) throws IOException {
        Stream stream = claim();
        stream.head(fields, isEnd);
        return stream;
    }

    /** A stream that has said nothing yet. */
    public synchronized Stream claim() {
        Stream stream = new Stream(nextId);
        nextId += 2;
        streams.put(stream.id, stream);
        return stream;
    }

    public Stream get(String path) throws IOException {
        return open(true, head("GET", path));
    }

    public static List<String> head(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(
                List.of(":method: " + method, ":scheme: http", ":authority: a.example.com", ":path: " + path));
        fields.addAll(List.of(more));
        return fields;
    }

    // ---- what comes

    private void read() {
        try {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            boolean isBlockEnd = false;
            while (true) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int id = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (payload.length < length) {
                    throw new EOFException();
                }
                if (type == HEADERS || type == CONTINUATION) {
                    isBlockEnd |= type == HEADERS && (flags & END_STREAM) != 0;
                    block.write(payload);
                    if ((flags & END_HEADERS) != 0) {
                        hearHead(id, block.toByteArray(), isBlockEnd);
                        block.reset();
                        isBlockEnd = false;
                    }
                } else {
                    hear(type, flags, id, payload);
                }
            }
        } catch (IOException | Http2Exception e) {
            gone();
        }
    }

    private synchronized void gone() {
        isGone = true;
        notifyAll();
        Said end = new Said(-1, List.of(), new byte[0], true, -1);
        ofConnection.add(end);
        streams.values().forEach(stream -> stream.said.add(end));
    }

    private void hearHead(int id, byte[] block, boolean isEnd) throws Http2Exception {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : decoder.decodeHeaders(id, Unpooled.wrappedBuffer(block))) {
            fields.add(field.getKey() + ": " + field.getValue());
        }
        tell(id, new Said(HEADERS, fields, new byte[0], isEnd, 0));
    }

    private void hear(int type, int flags, int id, byte[] payload) throws IOException {
        switch (type) {
            case DATA -> {
                if ((flags & PADDED) != 0) {
                    throw new IOException("the edge pads nothing");
                }
                tell(id, new Said(DATA, List.of(), payload, (flags & END_STREAM) != 0, 0));
            }
            case RST_STREAM ->
                tell(
                        id,
                        new Said(
                                type,
                                List.of(),
                                new byte[0],
                                true,
                                ByteBuffer.wrap(payload).getInt()));
            case SETTINGS -> hearSettings(flags, payload);
            case WINDOW_UPDATE -> hearWindow(id, ByteBuffer.wrap(payload).getInt());
            case GOAWAY ->
                ofConnection.add(new Said(
                        type,
                        List.of("last: " + ByteBuffer.wrap(payload).getInt()),
                        payload,
                        false,
                        ByteBuffer.wrap(payload).getInt(4)));
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                } else {
                    ofConnection.add(new Said(type, List.of(), payload, false, 0));
                }
            }
            default -> {}
        }
    }

    private void tell(int id, Said what) {
        Stream stream = streams.get(id);
        if (stream != null) {
            stream.said.add(what);
        }
    }

    private void hearSettings(int flags, byte[] payload) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        synchronized (this) {
            ByteBuffer pairs = ByteBuffer.wrap(payload);
            while (pairs.hasRemaining()) {
                int number = pairs.getShort();
                int value = pairs.getInt();
                if (number == INITIAL_WINDOW_SIZE) {
                    int more = value - initialWindow;
                    initialWindow = value;
                    streams.values().forEach(stream -> stream.sendWindow += more);
                }
                ofConnection.add(new Said(SETTINGS, List.of(number + ": " + value), new byte[0], false, 0));
            }
            notifyAll();
        }
        frame(SETTINGS, ACK, 0, new byte[0]);
    }

    private synchronized void hearWindow(int id, int more) {
        Stream stream = streams.get(id);
        if (id == 0) {
            sendWindow += more;
        } else if (stream != null) {
            stream.sendWindow += more;
        }
        notifyAll();
    }

    /** Waits for a frame of that type that concerns the whole connection; those before it are dropped. */
    public Said await(int type) throws IOException {
        while (true) {
            Said said = poll(ofConnection);
            if (said.type == type) {
                return said;
            }
            if (said.type < 0) {
                throw new EOFException("the connection has ended");
            }
        }
    }

    /** Waits for the connection's end; its GOAWAY frames, in order. */
    public List<Said> awaitEnd() throws IOException {
        List<Said> goAways = new ArrayList<>();
        while (true) {
            Said said = poll(ofConnection);
            if (said.type < 0) {
                return goAways;
            }
            if (said.type == GOAWAY) {
                goAways.add(said);
            }
        }
    }

    private static Said poll(BlockingQueue<Said> from) throws IOException {
        try {
            Said said = from.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (said == null) {
                throw new java.net.SocketTimeoutException("the edge says nothing more");
            }
            return said;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    public void windowUpdate(int id, int more) throws IOException {
        frame(WINDOW_UPDATE, 0, id, ByteBuffer.allocate(4).putInt(more).array());
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** One request and its answer. */
    public final class Stream {
        private final int id;
        private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
        private long sendWindow = initialWindow;

        private Stream(int id) {
            this.id = id;
        }

        public int id() {
            return id;
        }

        public void head(List<String> fields, boolean isEnd) throws IOException {
            synchronized (Http2Client.this) {
                byte[] block = block(fields);
                int end = isEnd ? END_STREAM : 0;
                int first = Math.min(block.length, FRAME_MAX);
                int flags = first == block.length ? END_HEADERS : 0;
                frame(HEADERS, end | flags, id, java.util.Arrays.copyOf(block, first));
                for (int at = first; at < block.length; at += FRAME_MAX) {
                    int to = Math.min(block.length, at + FRAME_MAX);
                    frame(
                            CONTINUATION,
                            to == block.length ? END_HEADERS : 0,
                            id,
                            java.util.Arrays.copyOfRange(block, at, to));
                }
            }
        }

        /** Sends a piece of the body, as fast as the edge opens its windows. */
        public void data(byte[] piece, boolean isEnd) throws IOException {
            int at = 0;
            do {
                int size = claimWindow(piece.length - at);
                boolean isLast = at + size == piece.length;
                frame(DATA, isLast && isEnd ? END_STREAM : 0, id, java.util.Arrays.copyOfRange(piece, at, at + size));
                at += size;
            } while (at < piece.length);
        }

        private int claimWindow(int wanted) throws IOException {
            synchronized (Http2Client.this) {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                while (wanted > 0 && Math.min(Http2Client.this.sendWindow, sendWindow) <= 0) {
                    if (isGone || System.nanoTime() > deadline) {
                        throw new IOException("the edge takes no more");
                    }
                    try {
                        Http2Client.this.wait(100);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                int size = (int) Math.min(
                        Math.min(wanted, FRAME_MAX), Math.max(0, Math.min(Http2Client.this.sendWindow, sendWindow)));
                Http2Client.this.sendWindow -= size;
                sendWindow -= size;
                return size;
            }
        }

        public void reset(int code) throws IOException {
            frame(RST_STREAM, 0, id, ByteBuffer.allocate(4).putInt(code).array());
        }

        /** What the edge says next here. */
        public Said next() throws IOException {
            return poll(said);
        }

        /** Lets the edge send as much more as was taken. */
        public void took(int bytes) throws IOException {
            if (bytes > 0) {
                windowUpdate(0, bytes);
                windowUpdate(id, bytes);
            }
        }
    }
}
