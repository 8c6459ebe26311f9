package io.anycastle.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An origin that does with each connection what the test says, on a thread of its own. */
public final class RawOrigin implements AutoCloseable {
    /** What happens on one connection. */
    public interface Behaviour {
        void serve(Served connection) throws Exception;
    }

    /**
     * A connection from the edge.
     *
     * @param number counts connections from 1
     */
    public record Served(Socket socket, RawClient peer, int number) {
        /** Reads one request head. */
        public String readHead() throws IOException {
            return peer.readHead();
        }

        /** Neither reads nor writes until the test ends. */
        public void holdOpen() {
            while (!socket.isClosed()) {
                LockSupport.parkNanos(10_000_000);
            }
        }

        public Served send(String latin1) throws IOException {
            peer.send(latin1);
            return this;
        }
    }

    /** Fixed: a kernel that chooses for itself holds tens of megabytes on a connection that has carried much. */
    private static final int RECEIVE_BYTES = 256 * 1024;

    private final ServerSocket listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public RawOrigin(Behaviour behaviour) throws IOException {
        this("127.0.0.1", behaviour);
    }

    public RawOrigin(String address, Behaviour behaviour) throws IOException {
        listener = new ServerSocket();
        listener.setReceiveBufferSize(RECEIVE_BYTES);
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0), 50);
        Thread.ofVirtual().start(() -> accept(behaviour));
    }

    /** Answers each request with that message, again and again. */
    public static RawOrigin answering(String message) throws IOException {
        return new RawOrigin(connection -> {
            while (true) {
                connection.readHead();
                connection.send(message);
            }
        });
    }

    private void accept(Behaviour behaviour) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(behaviour, socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Behaviour behaviour, Socket socket, int number) {
        try (socket) {
            behaviour.serve(new Served(socket, new RawClient(socket), number));
        } catch (Exception e) {
            // The edge ended the connection, as tests make it do.
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    /** How many of them stand. */
    public long openConnections() {
        return open.stream().filter(socket -> !socket.isClosed()).count();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
