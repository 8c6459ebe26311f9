package io.anycastle.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port of loopback where connections are not answered: more wait there for being accepted than the system lets wait. */
public final class FullPort implements AutoCloseable {
    private static final int TRIES = 50;
    private static final int NO_ANSWER_MS = 1000;

    private final List<Socket> waiting = new ArrayList<>();
    private final ServerSocket full;

    public FullPort() throws IOException {
        this(0);
    }

    /** One of a number that is free; 0 for any. */
    public FullPort(int port) throws IOException {
        full = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
        boolean isTaken = true;
        for (int i = 0; i < TRIES && isTaken; i++) {
            isTaken = connect();
        }
    }

    private boolean connect() throws IOException {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
            socket.connect(full.getLocalSocketAddress(), NO_ANSWER_MS);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    public int port() {
        return full.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        full.close();
    }
}
