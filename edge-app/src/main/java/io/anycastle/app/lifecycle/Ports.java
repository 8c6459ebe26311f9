package io.anycastle.app.lifecycle;

import io.anycastle.app.config.ListenerAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.Optional;

/** Tries ports without keeping them. */
public final class Ports {
    private Ports() {}

    /** What is wrong with listening there by TCP, empty when nothing is. */
    public static Optional<String> tcpProblem(ListenerAddress listener) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(listener.address(), listener.port()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(listener.refusal("TCP", e));
        }
    }

    /** What is wrong with listening there by UDP, empty when nothing is. */
    public static Optional<String> udpProblem(ListenerAddress listener) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.bind(new InetSocketAddress(listener.address(), listener.port()));
            return Optional.empty();
        } catch (SocketException e) {
            return Optional.of(listener.refusal("UDP", e));
        }
    }

    /** Whether this machine has the address, so that something can listen there. */
    public static boolean isHere(InetAddress address) {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
