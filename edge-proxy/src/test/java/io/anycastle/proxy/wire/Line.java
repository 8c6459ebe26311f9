package io.anycastle.proxy.wire;

import java.io.IOException;
import java.net.Socket;

/** A visitor's connection on which nothing need have been said. */
sealed interface Line extends AutoCloseable {
    /** Leaves without the words by which the wire ends a connection politely. */
    void tear() throws IOException;

    @Override
    void close() throws IOException;

    /** One of TCP. */
    record Tcp(Socket socket) implements Line {
        @Override
        public void tear() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** One of QUIC, which has no other way to leave than to say so. */
    record Quic(Http3Client client) implements Line {
        @Override
        public void tear() throws IOException {
            client.close();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
