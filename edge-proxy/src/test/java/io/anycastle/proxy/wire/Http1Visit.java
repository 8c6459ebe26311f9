package io.anycastle.proxy.wire;

import io.anycastle.proxy.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A visitor of HTTP/1.1, in TLS or not. */
final class Http1Visit implements Visit {
    private static final Set<String> FRAMING = Set.of("transfer-encoding", "connection", "content-length", "upgrade");

    private final RawClient client;
    private String method = "";
    private boolean isChunkedUp;
    private boolean isChunked;
    private boolean isUntilEnd;
    /** Of the body or of the chunk that is being read. */
    private long left;

    private boolean isEnded;

    Http1Visit(Socket socket) throws IOException {
        this.client = new RawClient(socket);
    }

    @Override
    public void ask(String asked, String target, String host, boolean isEnd, List<String> lines) throws IOException {
        method = asked;
        StringBuilder head = new StringBuilder(asked + " " + target + " HTTP/1.1\r\n");
        if (!host.isEmpty()) {
            head.append("Host: ").append(host).append("\r\n");
        }
        lines.forEach(line -> head.append(line).append("\r\n"));
        isChunkedUp = !isEnd
                && lines.stream()
                        .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"));
        client.send(head + (isChunkedUp ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n"));
    }

    @Override
    public void askForWebSocket(String path) throws IOException {
        method = "GET";
        isChunkedUp = false;
        client.send("GET " + path + " HTTP/1.1\r\nHost: " + ClientWire.HOST
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    @Override
    public void send(byte[] piece) throws IOException {
        if (isChunkedUp) {
            client.send(Integer.toHexString(piece.length) + "\r\n").send(piece).send("\r\n");
        } else {
            client.send(piece);
        }
    }

    @Override
    public void end(String... trailers) throws IOException {
        if (isChunkedUp) {
            StringBuilder end = new StringBuilder("0\r\n");
            Arrays.stream(trailers).forEach(line -> end.append(line).append("\r\n"));
            client.send(end + "\r\n");
        } else if (isUntilEnd) {
            client.socket().shutdownOutput();
        }
    }

    @Override
    public void giveUp() throws IOException {
        client.close();
    }

    @Override
    public Head head() throws IOException {
        String[] lines = client.readHead().strip().split("\r\n");
        int status = Integer.parseInt(lines[0].substring(9, 12));
        List<String> fields = new ArrayList<>();
        String length = "";
        isChunked = false;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).strip();
            isChunked |= name.equals("transfer-encoding");
            length = name.equals("content-length") ? value : length;
            if (!FRAMING.contains(name)) {
                fields.add(name + ": " + value);
            }
        }
        if (status >= 200 || status == 101) {
            frame(status, length);
        }
        return new Head(status, fields);
    }

    private void frame(int status, String length) {
        boolean isEmpty = method.equals("HEAD") || status == 204 || status == 304;
        isUntilEnd = status == 101 || (!isEmpty && !isChunked && length.isEmpty());
        isChunked &= !isEmpty;
        left = isEmpty || length.isEmpty() ? 0 : Long.parseLong(length);
        isEnded = !isUntilEnd && !isChunked && left == 0;
    }

    @Override
    public byte[] body(int length) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < length) {
            byte[] piece = piece(length - body.size());
            if (piece.length == 0) {
                throw new EOFException("the body ends after " + body.size());
            }
            body.write(piece);
        }
        return body.toByteArray();
    }

    /** Some of the body; nothing at its end. */
    private byte[] piece(int max) throws IOException {
        if (isEnded) {
            return new byte[0];
        }
        if (isUntilEnd) {
            byte[] piece = new byte[max];
            int size = client.in().read(piece);
            return Arrays.copyOf(piece, Math.max(0, size));
        }
        if (isChunked && left == 0) {
            left = Integer.parseInt(client.readLine(), 16);
            if (left == 0) {
                return new byte[0];
            }
        }
        byte[] piece = client.exactly((int) Math.min(max, left));
        left -= piece.length;
        if (left == 0 && isChunked) {
            client.readLine();
        }
        isEnded = left == 0 && !isChunked;
        return piece;
    }

    @Override
    public Rest rest() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] piece = piece(65_536); piece.length > 0; piece = piece(65_536)) {
            body.write(piece);
        }
        List<String> trailers = new ArrayList<>();
        if (isChunked && !isEnded) {
            for (String line = client.readLine(); !line.isEmpty(); line = client.readLine()) {
                int colon = line.indexOf(':');
                trailers.add(line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
            }
        }
        isEnded = true;
        return new Rest(body.toByteArray(), trailers);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
