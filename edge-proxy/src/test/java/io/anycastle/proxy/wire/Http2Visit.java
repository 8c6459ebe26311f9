package io.anycastle.proxy.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A visitor of HTTP/2, in TLS or not: each request is the connection's next stream. */
final class Http2Visit extends PiecewiseVisit {
    private static final int NO_ERROR = 0;
    private static final int CANCEL = 8;

    private final Http2Client client;
    private final String scheme;
    private Http2Client.Stream stream;

    Http2Visit(Http2Client client, String scheme) {
        this.client = client;
        this.scheme = scheme;
        this.stream = client.claim(); // never used: the first number belongs to nobody
    }

    @Override
    public void ask(String method, String target, String host, boolean isEnd, List<String> lines) throws IOException {
        open(fields(method, scheme, target, host, lines), isEnd);
    }

    /** A request's head as HTTP/2 and HTTP/3 have it. */
    static List<String> fields(String method, String scheme, String target, String host, List<String> lines) {
        List<String> fields = new ArrayList<>(List.of(":method: " + method, ":scheme: " + scheme));
        if (!host.isEmpty()) {
            fields.add(":authority: " + host);
        }
        fields.add(":path: " + target);
        lines.forEach(line -> fields.add(lowerCase(line)));
        return fields;
    }

    static String lowerCase(String line) {
        int colon = line.indexOf(':');
        return line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
    }

    private void open(List<String> fields, boolean isEnd) throws IOException {
        stream = client.open(isEnd, fields);
        forget();
    }

    @Override
    public void askForWebSocket(String path) throws IOException {
        open(webSocket(scheme, path), false);
    }

    /** The head by which HTTP/2 and HTTP/3 ask for a WebSocket (RFC 8441 section 4). */
    static List<String> webSocket(String scheme, String path) {
        return List.of(
                ":method: CONNECT",
                ":protocol: websocket",
                ":scheme: " + scheme,
                ":authority: " + ClientWire.HOST,
                ":path: " + path,
                "sec-websocket-version: 13");
    }

    @Override
    public void send(byte[] piece) throws IOException {
        stream.data(piece, false);
    }

    @Override
    public void end(String... lines) throws IOException {
        if (lines.length == 0) {
            stream.data(new byte[0], true);
        } else {
            stream.head(Arrays.stream(lines).map(Http2Visit::lowerCase).toList(), true);
        }
    }

    @Override
    public void giveUp() throws IOException {
        stream.reset(CANCEL);
    }

    @Override
    public Head head() throws IOException {
        Http2Client.Said said = stream.next();
        if (said.type() != Http2Client.HEADERS) {
            throw new EOFException("no head but " + said);
        }
        isEnded = said.isEnd();
        return head(said.fields());
    }

    /** An answer's head, of its fields. */
    static Head head(List<String> fields) {
        int status = Integer.parseInt(fields.getFirst().substring(":status: ".length()));
        return new Head(
                status,
                fields.stream()
                        .skip(1)
                        .filter(field -> !field.startsWith("content-length: "))
                        .toList());
    }

    @Override
    boolean more() throws IOException {
        while (!isEnded && held.length == 0) {
            Http2Client.Said said = stream.next();
            switch (said.type()) {
                case Http2Client.DATA -> {
                    held = said.data();
                    if (!said.isEnd()) {
                        stream.took(held.length);
                    }
                }
                case Http2Client.HEADERS -> trailers = said.fields();
                default -> throw new EOFException("cut off by " + said);
            }
            isEnded = said.isEnd();
        }
        return held.length > 0;
    }

    /** Whether the edge has ended the stream after its answer without a fault, so that nothing more of the request need be sent. */
    boolean isLetGo() throws IOException {
        Http2Client.Said said = stream.next();
        return said.type() == Http2Client.RST_STREAM && said.code() == NO_ERROR;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    @Override
    public String toString() {
        return new String(held, StandardCharsets.ISO_8859_1);
    }
}
