package io.anycastle.proxy.wire;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A visitor of HTTP/3: each request is the connection's next stream. */
final class Http3Visit extends PiecewiseVisit {
    private static final int CANCELLED = 0x10c;

    private final Http3Client client;
    private Http3Client.Stream stream;

    Http3Visit(Http3Client client) {
        this.client = client;
    }

    @Override
    public void ask(String method, String target, String host, boolean isEnd, List<String> lines) throws IOException {
        begin(Http2Visit.fields(method, "https", target, host, lines), isEnd);
    }

    private void begin(List<String> fields, boolean isEnd) throws IOException {
        stream = client.open(isEnd, fields);
        forget();
    }

    @Override
    public void askForWebSocket(String path) throws IOException {
        begin(Http2Visit.webSocket("https", path), false);
    }

    @Override
    public void send(byte[] piece) throws IOException {
        stream.data(piece);
    }

    @Override
    public void end(String... lines) throws IOException {
        if (lines.length == 0) {
            stream.end();
        } else {
            stream.head(Arrays.stream(lines).map(Http2Visit::lowerCase).toList(), true);
        }
    }

    @Override
    public void giveUp() throws IOException {
        stream.reset(CANCELLED);
    }

    @Override
    public Head head() throws IOException {
        Http3Client.Said said = stream.next();
        if (!said.isSection()) {
            throw new EOFException("no head but " + said);
        }
        return Http2Visit.head(said.fields());
    }

    @Override
    boolean more() throws IOException {
        while (!isEnded && held.length == 0) {
            Http3Client.Said said = stream.next();
            isEnded = said.isEnd();
            held = said.data();
            trailers = said.isSection() ? said.fields() : trailers;
        }
        return held.length > 0;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
