package io.anycastle.proxy.listen;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A router that translates addresses between one client of QUIC and the edge, and gives the client another port when it is told. */
final class MovingPath implements AutoCloseable {
    private static final int DATAGRAM_MAX = 65_536;

    private final DatagramSocket inside;
    private final int edgePort;
    private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private volatile DatagramSocket outside;
    private volatile InetSocketAddress client;
    private volatile boolean isDeaf;
    private volatile boolean isDumb;

    MovingPath(int edgePort) throws IOException {
        this.edgePort = edgePort;
        inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        outside = outside();
        Thread.ofVirtual().start(this::out);
    }

    int port() {
        return inside.getLocalPort();
    }

    /** From now on the client comes from another port. */
    void move() throws IOException {
        DatagramSocket before = outside;
        outside = outside();
        before.close();
    }

    /** Whether nothing that the edge says comes through. */
    void isDeaf(boolean is) {
        isDeaf = is;
    }

    /** Whether nothing that the client says comes through. */
    void isDumb(boolean is) {
        isDumb = is;
    }

    /** What the client said first. */
    byte[] firstDatagram() throws InterruptedException {
        return sent.take();
    }

    private DatagramSocket outside() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> in(socket));
        return socket;
    }

    private void out() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_MAX], DATAGRAM_MAX);
                inside.receive(packet);
                client = (InetSocketAddress) packet.getSocketAddress();
                byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
                sent.add(octets);
                if (!isDumb) {
                    outside.send(new DatagramPacket(octets, octets.length, InetAddress.getLoopbackAddress(), edgePort));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void in(DatagramSocket socket) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_MAX], DATAGRAM_MAX);
                socket.receive(packet);
                if (!isDeaf) {
                    inside.send(new DatagramPacket(packet.getData(), packet.getLength(), client));
                }
            }
        } catch (IOException e) {
            // closed, or moved
        }
    }

    @Override
    public void close() {
        inside.close();
        outside.close();
    }
}
