package io.anycastle.proxy.wire;

import java.io.IOException;
import java.util.List;

/** A visitor's connection, one request after another, whatever it speaks. What is cut off comes as an {@link IOException}. */
interface Visit extends AutoCloseable {
    /**
     * The head of an answer.
     *
     * @param fields without what frames the message; names in lower case, each {@code name: value}
     */
    record Head(int status, List<String> fields) {
        /** The field's first value, or empty. */
        String field(String name) {
            return fields.stream()
                    .filter(field -> field.startsWith(name + ": "))
                    .map(field -> field.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }
    }

    /** The end of an answer: what was left of its body, and its trailers. */
    final class Rest {
        private final byte[] body;
        private final List<String> trailers;

        Rest(byte[] body, List<String> trailers) {
            this.body = body;
            this.trailers = List.copyOf(trailers);
        }

        byte[] body() {
            return body;
        }

        List<String> trailers() {
            return trailers;
        }
    }

    /**
     * Begins a request.
     *
     * @param lines of the head beside Host and framing, each {@code name: value}
     * @param isEnd whether no body follows; a body's length is told by a line among these, or not at all
     */
    void ask(String method, String target, String host, boolean isEnd, List<String> lines) throws IOException;

    default void get(String target, String... lines) throws IOException {
        ask("GET", target, ClientWire.HOST, true, List.of(lines));
    }

    /** Opens a WebSocket at that path. */
    void askForWebSocket(String path) throws IOException;

    /** Sends a piece of the body, as fast as it is taken. */
    void send(byte[] piece) throws IOException;

    /** Ends the request, with these trailers. */
    void end(String... trailers) throws IOException;

    /** Gives the request up. */
    void giveUp() throws IOException;

    /** The next head that comes, an interim one too. */
    Head head() throws IOException;

    /** So many octets of the body. */
    byte[] body(int length) throws IOException;

    /** What is left of the answer. */
    Rest rest() throws IOException;

    @Override
    void close() throws IOException;
}
